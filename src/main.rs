fn main() {
    println!("{:?}", git2::Repository::open(".").map(|r| r.path().to_owned()));
}
