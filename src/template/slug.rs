//! A title as a name for files and folders.

/// The longest name, in bytes: short enough for an id and for any file system.
const MOST: usize = 48;

/// The words of a title in lower case with a separator between, letters and
/// digits of any script kept; empty where there are none. A long title is cut
/// between two words.
pub fn slug(title: &str, separator: char) -> String {
    let mut slug = String::new();
    for word in words(title) {
        let word: String = word.chars().flat_map(char::to_lowercase).filter(is_joined).collect();
        let gap = usize::from(!slug.is_empty());
        if slug.len() + gap + word.len() <= MOST {
            slug.extend((gap > 0).then_some(separator));
            slug += &word;
        } else if slug.is_empty() {
            let fits = word.char_indices().take_while(|(at, c)| at + c.len_utf8() <= MOST);
            return fits.map(|(_, c)| c).collect();
        } else {
            break;
        }
    }
    slug
}

/// The words of a title, of letters and digits alone.
pub(super) fn words(title: &str) -> Vec<String> {
    let plain: String = title.chars().filter(is_joined).collect();
    let words = plain.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// An apostrophe and an accent that stands for itself divide no word.
fn is_joined(c: &char) -> bool {
    !matches!(c, '\'' | '’' | '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_titles_words_in_any_script() {
        for (title, expected) in [
            ("Password reset", "password-reset"),
            ("  A/B \"tests\" & <more>: `now`! ", "a-b-tests-more-now"),
            ("Don’t panic, don't", "dont-panic-dont"),
            ("ログイン機能 🎉 v2", "ログイン機能-v2"),
            ("Über CAFE\u{301}", "über-cafe"),
            ("İstanbul", "istanbul"),
            ("../../etc/passwd", "etc-passwd"),
            ("🎉 / …", ""),
        ] {
            assert_eq!(slug(title, '-'), expected, "{title}");
        }
        assert_eq!(slug("Password reset", '_'), "password_reset");
    }

    #[test]
    fn a_long_title_is_cut_between_words_or_letters() {
        let long = slug(&"twelve chars ".repeat(9), '-');
        assert!(long.len() <= MOST && long.ends_with("-twelve"), "{long}");
        let word = slug(&"機".repeat(99), '-');
        assert_eq!(word.chars().count(), MOST / 3);
    }
}
