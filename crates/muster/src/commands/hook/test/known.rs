//! People whose passwords are known, to try a hook with.

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use muster_core::secret::Secret;

use super::question::Question;
use crate::args::HookTestArgs;
use crate::commands::known::known_passwords;
use crate::error::Problem;
use crate::settings::test_password;

/// So many are tried at most.
const MOST: usize = 100;

/// Those of the arguments; none where nobody was named.
pub fn known_people(args: &HookTestArgs) -> Result<Vec<Question>, Problem> {
    match (&args.known, &args.login) {
        (Some(path), _) => of_file(path),
        (None, Some(login)) => Ok(vec![Question { login: login.clone(), password: password(login)? }]),
        (None, None) => Ok(Vec::new()),
    }
}

fn of_file(path: &Path) -> Result<Vec<Question>, Problem> {
    let people = known_passwords(path, MOST)?.into_iter();
    Ok(people.map(|(login, password)| Question { login, password }).collect())
}

/// From the environment, the terminal without an echo, or the first line of standard input.
fn password(login: &str) -> Result<Secret, Problem> {
    if let Some(password) = test_password() {
        return Ok(password);
    }
    let stdin = std::io::stdin();
    let mut line = String::new();
    let read = if stdin.is_terminal() {
        let silence = Silence::over_the_terminal(&format!("Password of {login}: "));
        let read = stdin.lock().read_line(&mut line);
        drop(silence);
        read
    } else {
        stdin.lock().read_line(&mut line)
    };
    let password = Secret::new(line.trim_end_matches(['\r', '\n']));
    match read {
        Ok(_) if !password.reveal().is_empty() => Ok(password),
        _ => Err(Problem::wrong_usage(format!(
            "no password of {login} was given: set MUSTER_TEST_PASSWORD, or write it to standard input"
        ))),
    }
}

/// While this lives, the terminal shows nothing of what is typed.
#[cfg(unix)]
struct Silence(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Silence {
    fn over_the_terminal(prompt: &str) -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let mut err = std::io::stderr();
        drop(err.write_all(prompt.as_bytes()).and_then(|()| err.flush()));
        let before = tcgetattr(std::io::stdin()).ok();
        if let Some(mut silent) = before.clone() {
            silent.local_modes.remove(LocalModes::ECHO);
            // A terminal that can't be silenced shows it; that is all.
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, &silent);
        }
        Self(before)
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.0 {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
            // The end of the line was not shown either.
            drop(std::io::stderr().write_all(b"\n"));
        }
    }
}

/// Elsewhere the terminal shows what is typed.
#[cfg(not(unix))]
struct Silence;

#[cfg(not(unix))]
impl Silence {
    fn over_the_terminal(prompt: &str) -> Self {
        let mut err = std::io::stderr();
        drop(err.write_all(prompt.as_bytes()).and_then(|()| err.flush()));
        Self
    }
}
