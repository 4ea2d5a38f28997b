//! The same done to many things, on all cores where that pays.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

/// How many things a further thread is started for.
const WORTH_A_THREAD: usize = 32;

/// What a function makes of each thing, in their order. Each thread works with
/// something of its own.
pub(super) fn map_with<T: Send, S, R: Send>(
    things: Vec<T>,
    own: impl Fn() -> S + Sync,
    f: impl Fn(&mut S, T) -> R + Sync,
) -> Vec<R> {
    // How many cores there are costs system calls to find out.
    let threads = match things.len() / WORTH_A_THREAD {
        0 | 1 => 1,
        most => most.min(thread::available_parallelism().map_or(1, NonZero::get)),
    };
    map_on(threads, things, &own, &f)
}

fn map_on<T: Send, S, R: Send>(
    threads: usize,
    mut things: Vec<T>,
    own: &(impl Fn() -> S + Sync),
    f: &(impl Fn(&mut S, T) -> R + Sync),
) -> Vec<R> {
    if threads < 2 {
        let mut own = own();
        return things.into_iter().map(|thing| f(&mut own, thing)).collect();
    }
    let others = things.split_off(things.len() / threads);
    thread::scope(|scope| {
        let others = scope.spawn(move || map_on(threads - 1, others, own, f));
        let mut done = map_on(1, things, own, f);
        done.extend(others.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_stays_on_any_number_of_threads() {
        for threads in 0..5 {
            for count in [0, 1, 7, 100] {
                let double = |two: &mut usize, number: usize| number * *two;
                let doubled = map_on(threads, (0..count).collect(), &|| 2, &double);
                assert_eq!(doubled, (0..count).map(|number| number * 2).collect::<Vec<_>>());
            }
        }
    }
}
