//! Scans a tarball and prints its findings: `cargo run --example scan_file -- package.tgz`.
#![allow(clippy::print_stdout, reason = "it is a program")]

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("give the path of a .tgz")?;
    let bytes = std::fs::read(&path)?;
    let report = tarsight::Engine::new().scan(&bytes)?;
    println!(
        "{path}: risk {:?}, score {}",
        report.risk.level, report.risk.score
    );
    for finding in &report.findings {
        println!("{}: {}", finding.severity.as_str(), finding.message);
        for site in &finding.evidence {
            println!("  {}  {}", site.place(), site.excerpt);
        }
    }
    Ok(())
}
