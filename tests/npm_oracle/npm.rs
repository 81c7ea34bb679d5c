//! The real npm as judge: it extracts an archive, and its files are listed.
//!
//! Nothing of a package runs: scripts are off, and what was extracted is only read.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tarsight_tests::fuzz::sha256;

/// What npm made of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The files below the package's folder, with their SHA-256.
    Installed(BTreeMap<String, String>),
    /// npm's error code.
    Refused(String),
}

/// How the archive gets to npm.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Route {
    /// From a registry, which says name and version.
    Registry,
    /// As a file; npm reads name and version in the archive.
    File,
}

/// An npm to ask.
pub(crate) struct Npm {
    command: Vec<String>,
    /// Its version.
    pub(crate) version: String,
}

/// Those that `TARSIGHT_NPM` lists, separated by `:`, each a command or the path of an
/// `npm-cli.js`; without it the `npm` of the path.
pub(crate) fn all() -> Vec<Npm> {
    let list = std::env::var("TARSIGHT_NPM").unwrap_or_else(|_| "npm".to_owned());
    list.split(':').map(Npm::new).collect()
}

/// A folder that goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tarsight-npm-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind in a temporary folder is no reason to fail.
        drop(fs::remove_dir_all(&self.0));
    }
}

impl Npm {
    fn new(command: &str) -> Self {
        let command: Vec<String> = if command.ends_with(".js") {
            vec!["node".to_owned(), command.to_owned()]
        } else {
            vec![command.to_owned()]
        };
        let output = Command::new(&command[0])
            .args(&command[1..])
            .arg("--version")
            .output()
            .unwrap_or_else(|e| panic!("{command:?}: {e}; set TARSIGHT_NPM to an npm-cli.js"));
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(!version.is_empty(), "{command:?} says no version");
        Self { command, version }
    }

    /// Installs an archive into an empty project.
    pub(crate) fn install(&self, bytes: &[u8], extension: &str, route: Route) -> Outcome {
        let folder = Folder::new();
        let project = folder.0.join("project");
        fs::create_dir(&project).unwrap();
        fs::write(project.join("package.json"), "{}").unwrap();
        let mut npm = Command::new(&self.command[0]);
        npm.args(&self.command[1..]).current_dir(&project);
        npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund"]);
        npm.args([
            "--no-package-lock",
            "--no-update-notifier",
            "--fetch-retries=0",
        ]);
        npm.arg("--cache").arg(folder.0.join("cache"));
        npm.arg("--userconfig").arg(folder.0.join("none"));
        npm.env_clear();
        npm.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        npm.env("HOME", &folder.0);
        let server = match route {
            Route::File => {
                let name = format!("archive.{extension}");
                fs::write(project.join(&name), bytes).unwrap();
                npm.arg("--offline").arg(format!("p@file:{name}"));
                None
            }
            Route::Registry => {
                let server = Server::start(bytes);
                npm.arg(format!("--registry={}", server.url)).arg("p@1.0.0");
                Some(server)
            }
        };
        let (success, errors) = run(npm);
        drop(server);
        let installed = project.join("node_modules/p");
        if success && installed.is_dir() {
            return Outcome::Installed(files(&installed));
        }
        let code = errors
            .lines()
            .find_map(|line| line.strip_prefix("npm error code "))
            .or_else(|| errors.contains("never called").then_some("EXIT"));
        Outcome::Refused(code.unwrap_or("unknown").to_owned())
    }

    /// Extracts archives with the library that npm extracts with, all in one process.
    pub(crate) fn extract(&self, archives: &[Vec<u8>]) -> Vec<Outcome> {
        let folder = Folder::new();
        for (at, bytes) in archives.iter().enumerate() {
            fs::write(folder.0.join(format!("{at}.tgz")), bytes).unwrap();
        }
        let mut node = Command::new("node");
        node.current_dir(&folder.0).arg("-e").arg(EXTRACT);
        node.arg(self.home()).arg(archives.len().to_string());
        let output = node.stderr(Stdio::null()).output().unwrap();
        let codes = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(codes.lines().count(), archives.len(), "node gave up early");
        codes
            .lines()
            .enumerate()
            .map(|(at, code)| match code {
                "ok" => Outcome::Installed(files(&folder.0.join(at.to_string()))),
                code => Outcome::Refused(code.to_owned()),
            })
            .collect()
    }

    /// The folder of npm's own package.
    fn home(&self) -> PathBuf {
        let last = Path::new(&self.command[self.command.len() - 1]);
        let file = if last.components().count() > 1 {
            last.to_path_buf()
        } else {
            let path = std::env::var_os("PATH").unwrap_or_default();
            std::env::split_paths(&path)
                .map(|folder| folder.join(last))
                .find(|file| file.is_file())
                .expect("npm was found before")
        };
        let file = fs::canonicalize(file).unwrap();
        file.parent().and_then(Path::parent).unwrap().to_path_buf()
    }
}

/// Extracts `0.tgz`, `1.tgz`, … into folders; prints `ok` or an error's code for each. A wrong
/// package.json is no error of the archive.
const EXTRACT: &str = r"
const [home, count] = process.argv.slice(1);
const pacote = require(home + '/node_modules/pacote');
let now = 0;
const say = (code) => { console.log(code); now += 1; next(); };
const next = () => {
  if (now >= +count) process.exit(0);
  const at = now;
  const once = (code) => { if (at === now) say(code); };
  setTimeout(() => once('EXIT'), 3000).unref();
  const spec = 'file:' + process.cwd() + '/' + at + '.tgz';
  pacote.extract(spec, process.cwd() + '/' + at, { cache: process.cwd() + '/cache' })
    .then(() => once('ok'), (e) =>
      once(/package\.json/.test(e.message) || e.code === 'EJSONPARSE' ? 'ok' : e.code || 'unknown'));
};
process.on('uncaughtException', (e) => say(e.code || 'unknown'));
setInterval(() => {}, 1000);
next();
";

/// Whether it succeeded, and what it wrote to standard error; killed after two minutes.
fn run(mut command: Command) -> (bool, String) {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        drop(std::io::Read::read_to_end(&mut pipe, &mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > Duration::from_secs(120) {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    (status.success(), reader.join().unwrap())
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![(folder.to_path_buf(), String::new())];
    while let Some((path, prefix)) = open.pop() {
        for entry in fs::read_dir(&path).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let name = format!("{prefix}{name}");
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                open.push((entry.path(), format!("{name}/")));
            } else {
                let text = if kind.is_file() {
                    sha256(&fs::read(entry.path()).unwrap())
                } else {
                    "not a file".to_owned()
                };
                found.insert(name, text);
            }
        }
    }
    found
}

/// A registry on the loopback device with one package.
struct Server {
    url: String,
    stop: std::sync::Arc<std::sync::atomic::AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    fn start(archive: &[u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}/");
        let document = format!(
            r#"{{"name":"p","dist-tags":{{"latest":"1.0.0"}},"versions":{{"1.0.0":{{"name":"p","version":"1.0.0","dist":{{"tarball":"{url}p/-/p-1.0.0.tgz"}}}}}}}}"#
        );
        let archive = archive.to_vec();
        let stop = std::sync::Arc::<std::sync::atomic::AtomicBool>::default();
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                // npm closes connections as it likes.
                drop(stream.and_then(|stream| answer(stream, &document, &archive)));
            }
        });
        Self {
            url,
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the loop.
        let address = self.url.trim_start_matches("http://").trim_end_matches('/');
        drop(TcpStream::connect(address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn answer(mut stream: TcpStream, document: &str, archive: &[u8]) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or("");
    let (status, kind, body) = match path {
        "/p" => ("200 OK", "application/json", document.as_bytes()),
        "/p/-/p-1.0.0.tgz" => ("200 OK", "application/octet-stream", archive),
        _ => ("404 Not Found", "application/json", &b"{}"[..]),
    };
    let size = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n"
    )?;
    stream.write_all(body)
}
