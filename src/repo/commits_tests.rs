use super::super::testing::Sandbox;
use super::*;
use crate::commit::Time;

#[test]
fn an_unborn_branch_has_a_name_and_no_head() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repo();
    assert_eq!(repo.head().unwrap(), None);
    assert_eq!(repo.message_of_head().unwrap(), None);
    assert_eq!(repo.branch().unwrap().as_deref(), Some("main"));
    assert!(repo.branches().unwrap().is_empty());
}

#[test]
fn a_commit_is_copied_out_whole() {
    let sandbox = Sandbox::new();
    let first = sandbox.commit("a", "1", "first");
    let second = sandbox.commit("a", "2", "second\n\nbody [PRD-07 Task 1.2]");
    let repo = sandbox.repo();
    let commit = repo.commit(second).unwrap().unwrap();
    assert_eq!(commit.parents, [first]);
    assert_eq!(commit.message, "second\n\nbody [PRD-07 Task 1.2]\n");
    assert_eq!(commit.author.name, "A U Thor");
    assert_eq!(commit.author.email, "author@example.com");
    assert_eq!(commit.commit_time, Time { seconds: 1_700_000_000, offset: 120 });
    let head = repo.message_of_head().unwrap().unwrap();
    assert_eq!((head.oid, head.parents), (second, vec![first]));
    assert_eq!(repo.branches().unwrap(), [("main".to_owned(), second)]);
    sandbox.git(&["switch", "-q", "--detach"]);
    assert_eq!(sandbox.repo().branch().unwrap(), None);
}

#[test]
fn a_sha256_repository_reads_like_any_other() {
    let sandbox = Sandbox::init(&["--object-format=sha256"]);
    let oid = sandbox.commit("a", "1", "first");
    let repo = sandbox.repo();
    assert_eq!(repo.head().unwrap(), Some(oid));
    assert_eq!(oid.as_bytes().len(), 32);
    assert_eq!(repo.resolve_prefix(&oid.abbrev(9)).unwrap().unwrap().oid, oid);
    assert_eq!(repo.blob_at(oid, "a").unwrap().unwrap(), b"1");
}

#[test]
fn depth_counts_the_ancestors_of_the_same_second() {
    let sandbox = Sandbox::new();
    sandbox.commit_at("a", "0", "zero", 50);
    let chain: Vec<Oid> =
        (0..3).map(|i| sandbox.commit_at("a", &format!("{i}x"), "more", 60)).collect();
    sandbox.git(&["switch", "-q", "-c", "side", "HEAD~2"]);
    sandbox.commit_at("b", "b", "side", 60);
    sandbox.git(&["switch", "-q", "main"]);
    sandbox.git(&["merge", "-q", "--no-edit", "side"]);
    sandbox.git(&["switch", "-q", "--detach"]);
    let repo = sandbox.repo();
    let depth = |repo: &Repo, oid: Oid| repo.commit(oid).unwrap().unwrap().depth;
    let depths: Vec<u32> = chain.iter().map(|&oid| depth(&repo, oid)).collect();
    assert_eq!(depths, [0, 1, 2]);
    assert_eq!(depth(&repo, sandbox.oid("side")), 1);
    assert_eq!(depth(&repo, sandbox.oid("HEAD")), 0);
    let (repo, last) = (sandbox.repo(), sandbox.oid("HEAD"));
    let asked = [chain[2], chain[0], chain[1], last, chain[1], chain[2]];
    assert_eq!(asked.map(|oid| depth(&repo, oid)), [2, 0, 1, 0, 1, 2], "in any order");
}

#[test]
fn a_prefix_finds_one_commit_or_nothing() {
    let sandbox = Sandbox::new();
    let oid = sandbox.commit("a", "1", "first");
    let repo = sandbox.repo();
    assert_eq!(repo.resolve_prefix(&oid.abbrev(7)).unwrap().unwrap().oid, oid);
    assert_eq!(repo.resolve_prefix(&oid.to_string()).unwrap().unwrap().oid, oid);
    let blob = sandbox.oid("HEAD:a").abbrev(8);
    for none in ["", "123", "zzzzzzz", "0000000", &blob, &"a".repeat(41)] {
        assert_eq!(repo.resolve_prefix(none).unwrap(), None, "{none}");
    }
}

#[test]
fn a_latin_1_message_is_decoded_by_its_header() {
    let sandbox = Sandbox::new();
    sandbox.commit("a", "1", "first");
    sandbox.sh(
        "printf 'caf\\351' | git -c i18n.commitEncoding=ISO-8859-1 commit -q --allow-empty -F -",
    );
    let read = |sandbox: &Sandbox| sandbox.repo().commit(sandbox.oid("HEAD")).unwrap().unwrap();
    assert_eq!(read(&sandbox).message, "café\n");
    sandbox.sh("printf 'caf\\202' | git -c i18n.commitEncoding=CP437 commit -q --allow-empty -F -");
    assert_eq!(read(&sandbox).message, "café\n");
}

#[test]
fn revisions_and_ranges_are_gits_own() {
    let sandbox = Sandbox::new();
    let a = sandbox.commit("a", "1", "a");
    let b = sandbox.commit("a", "2", "b");
    sandbox.git(&["tag", "-a", "-m", "t", "v1", "HEAD~1"]);
    sandbox.write("main.txt", "x");
    let repo = sandbox.repo();
    assert_eq!(repo.revision("v1").unwrap(), a);
    assert_eq!(repo.revision("HEAD^{/b}").unwrap(), b);
    assert_eq!(repo.range("v1..main").unwrap(), (vec![b], vec![a]));
    assert_eq!(repo.range("v1..").unwrap(), (vec![b], vec![a]));
    assert_eq!(repo.range("^v1 main").unwrap(), (vec![b], vec![a]));
    assert_eq!(repo.range("v1...main").unwrap(), (vec![b, a], vec![a]));
    assert_eq!(repo.range("HEAD").unwrap(), (vec![b], vec![]));
    assert_eq!(repo.range("HEAD^!").unwrap(), (vec![b], vec![a]));
    for unknown in ["nope", "nope..HEAD", "--all", "main.txt", "HEAD:a", "HEAD nope", "a\0b"] {
        assert!(matches!(repo.range(unknown), Err(Error::Revision(_))), "{unknown}");
    }
    assert!(matches!(repo.revision("-x"), Err(Error::Revision(_))));
}
