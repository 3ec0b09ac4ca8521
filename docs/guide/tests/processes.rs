//! Managers between processes, and threads that do not outlive theirs: this test's own program is the other process.
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;

/// Tells a child what to do.
const ADDRESS: &str = "MANYLANE_GUIDE_MANAGER";

/// This program again, running one of its ignored tests.
fn another_process(test: &str, address: &str) -> io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .args(["--exact", test, "--ignored", "--test-threads=1"])
        .env(ADDRESS, address)
        .stdout(Stdio::null())
        .spawn()
}

#[test]
fn a_manager_serves_other_processes() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("an address of this machine");
    let address = listener.local_addr().expect("its address").to_string();
    let clients: Vec<Child> =
        (0..3).map(|_| another_process("a_client", &address).expect("a process")).collect();
    // Should a client fail before it calls, this ends the wait.
    let watch = thread::spawn(move || {
        let ended = clients.into_iter().map(|mut client| client.wait().expect("its end").success());
        let good = ended.filter(|good| *good).count();
        drop(TcpStream::connect(address));
        good
    });

    let (mut held, mut calls) = (0, 0);
    for line in listener.incoming() {
        let (mut line, mut x) = (line.expect("a call"), [0; 8]);
        if line.read_exact(&mut x).is_err() {
            break;
        }
        held += u64::from_le_bytes(x);
        calls += 1;
        line.write_all(&held.to_le_bytes()).expect("the answer");
    }
    assert_eq!(watch.join().expect("the watch"), 3, "clients that ended well");
    assert_eq!((held, calls), (30, 30));
}

/// Adds ten times 1 to what the manager holds, and sees it grow.
#[test]
#[ignore = "run in a process of its own by `a_manager_serves_other_processes`"]
fn a_client() {
    let address = std::env::var(ADDRESS).expect("the manager's address");
    let mut before = 0;
    for _ in 0..10 {
        let mut line = TcpStream::connect(&address).expect("the manager");
        line.write_all(&1u64.to_le_bytes()).expect("a call");
        let mut sum = [0; 8];
        line.read_exact(&mut sum).expect("the answer");
        assert!(u64::from_le_bytes(sum) > before);
        before = u64::from_le_bytes(sum);
    }
}

#[test]
fn a_thread_ends_with_its_process() {
    let mut child = another_process("leaves_a_thread_behind", "").expect("a process");
    assert!(child.wait().expect("its end").success());
}

#[test]
#[ignore = "run in a process of its own by `a_thread_ends_with_its_process`"]
fn leaves_a_thread_behind() {
    let handle = thread::spawn(|| {
        loop {
            thread::park();
        }
    });
    assert!(!handle.is_finished());
}
