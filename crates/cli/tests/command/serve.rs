//! `pythia serve`: addresses that cannot be used. What the server answers is tested with the server.

use std::net::TcpListener;

use crate::runs::{example, fails};

fn refused(args: &[&str]) -> String {
    let model = example("model.pkl");
    fails(&[&["serve", model.as_str()], args].concat(), 2)
}

#[test]
fn a_port_that_is_taken_is_said_to_be_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let want = format!(
        "error: 127.0.0.1:{port} cannot be used: another program listens there; --port with another number, \
         0 takes a free one\n"
    );
    assert_eq!(refused(&["--port", &port]), want);
}

#[test]
fn an_address_of_version_6_may_stand_in_brackets() {
    // Not every machine has one.
    let Ok(taken) = TcpListener::bind("[::1]:0") else { return };
    let port = taken.local_addr().unwrap().port().to_string();
    for host in ["[::1]", "::1"] {
        let said = refused(&["--host", host, "--port", &port]);
        let want = format!("error: [::1]:{port} cannot be used: another program listens there;");
        assert!(said.starts_with(&want), "{said}");
    }
}

#[test]
fn a_host_that_is_none_of_this_machine_is_refused() {
    for host in ["", " ", "[]"] {
        let said = refused(&["--host", host, "--port", "0"]);
        assert!(said.starts_with("error: --host is empty: an address is expected"), "{said}");
    }
    let said = refused(&["--host", "192.0.2.1", "--port", "0"]);
    assert!(
        said.contains("192.0.2.1:0 cannot be used: this machine has no such address"),
        "{said}"
    );
}
