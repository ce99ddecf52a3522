//! The second tour: passwords that only the hook can check, from the import until the last person is over.

use std::path::PathBuf;

use muster_emulator::{Emulator, HookCalls, Listen, OrgSettings, Running, serve};
use muster_engine::programme::{ProgrammeReport, ReportWish};
use muster_server::Running as RunningHook;

use super::checks::Checks;
use super::command_line::CommandLine;
use super::crowd::Crowd;
use super::hook_files::HookFiles;
use super::sign_in::let_in;
use super::witness::{calls_since, last_call, mailed, password_hooks, stored};
use super::{FOLDER, TOKEN, org_failed};
use crate::args::{Command, HookCommand, ProgrammeRunsArgs};
use crate::commands::programme::Opened;
use crate::commands::run::make_folder;
use crate::commands::{hook, import, programme};
use crate::error::{End, Problem};
use crate::output::{Console, grouped};

/// How many people there are unless said.
const PEOPLE: u64 = 2000;
/// Okta's buckets in a shorter window, so that nobody waits for a minute.
const LIMITS: [&str; 6] = [
    "users=1500/6s",
    "user-reads=1500/6s",
    "user-writes=1500/6s",
    "groups=1500/6s",
    "logs=300/6s",
    "authn=3000/6s",
];
const MANY: &str = "1000000";

/// What all steps have.
struct Tour {
    crowd: Crowd,
    file: String,
    files: HookFiles,
    folder: PathBuf,
    console: Console,
}

/// The org, and how commands reach it.
struct Org {
    emulator: Emulator,
    running: Running,
    line: CommandLine,
}

/// How many got in.
struct Visits {
    right: usize,
    wrong: usize,
    strangers: usize,
    again: usize,
    calls_again: usize,
}

/// Imports, serves the hook, lets people sign in, and ends it, all on this machine.
pub async fn tour(people: Option<u64>, console: Console) -> Result<End, Problem> {
    let tour = Tour::begin(people.unwrap_or(PEOPLE), console)?;
    let mut ends = vec![tour.export().await?];
    let hook = tour.serve_hook().await?;
    let org = tour.open_org(hook.ca_pem.clone()).await?;
    ends.push(Box::pin(tour.import(&org)).await?);
    ends.push(tour.register(&org, &hook.url).await?);
    let visits = tour.visits(&org.emulator).await;
    ends.extend(tour.programme(&org).await?);
    let report = report(&org.line).await?;
    let end = tour.check(&org.emulator, &visits, &report, &ends).await;
    hook.drain().await;
    org.running.shutdown().await.map_err(org_failed)?;
    tour.next_steps();
    Ok(end)
}

impl Tour {
    fn begin(count: u64, console: Console) -> Result<Self, Problem> {
        let folder = PathBuf::from(FOLDER);
        make_folder(&folder)?;
        console.headline(&format!(
            "1. {} made-up people: five notations that Okta checks, five that it can't",
            grouped(count)
        ));
        let (file, known) = (folder.join("people.csv"), folder.join("known.csv"));
        let crowd = Crowd::write(count, &file, &known)?;
        console.note(&format!("   {} (their passwords: {})", file.display(), known.display()));
        let files = HookFiles::clean(&folder)?;
        // Several commands tell something.
        let console = console.for_documents(2);
        Ok(Self { crowd, file: file.display().to_string(), files, folder, console })
    }

    /// The stored passwords of those who need the hook, sealed with a key that was made for it.
    async fn export(&self) -> Result<End, Problem> {
        let files = &self.files;
        let new_key = ["hook", "export", "--new-key", files.key.as_str()];
        let export = [
            "hook",
            "export",
            self.file.as_str(),
            "--key-file",
            files.key.as_str(),
            "--out",
            files.credentials.as_str(),
        ];
        self.headline(2, &export);
        self.console.note(&format!("   with a key of its own: muster {}", new_key.join(" ")));
        self.run(&self.without_org(), &new_key).await?;
        self.run(&self.without_org(), &export).await
    }

    async fn serve_hook(&self) -> Result<RunningHook, Problem> {
        self.files.write()?;
        let words = ["hook", "serve", "--config", self.files.settings.as_str(), "--self-signed"];
        self.headline(3, &words);
        let (settings, command) = self.without_org().typed(&words)?;
        let Command::Hook(HookCommand::Serve(args)) = command else { return Err(lost()) };
        hook::start(&settings, *args, self.console).await
    }

    async fn open_org(&self, ca_pem: Option<String>) -> Result<Org, Problem> {
        self.console.headline("\n4. An Okta org on this machine, which trusts the certificate of the hook");
        let settings = OrgSettings {
            tokens: vec![TOKEN.to_owned()],
            limits: LIMITS.into_iter().filter_map(|limit| limit.parse().ok()).collect(),
            hooks: HookCalls { ca_pem, ..HookCalls::default() },
            ..OrgSettings::default()
        };
        let emulator = Emulator::open(settings).map_err(org_failed)?;
        let listen = Listen { port: 0, ..Listen::default() };
        let running = serve(emulator.clone(), listen).await.map_err(org_failed)?;
        self.console.note(&format!("   {} · limits {}", running.url, LIMITS.join(" ")));
        let line = CommandLine::new(&running.url, &self.folder);
        Ok(Org { emulator, running, line })
    }

    async fn import(&self, org: &Org) -> Result<End, Problem> {
        let words = ["import", self.file.as_str(), "--mode", "auto", "--create-groups", "--new-run"];
        self.headline(5, &words);
        self.run(&org.line, &words).await
    }

    async fn register(&self, org: &Org, url: &str) -> Result<End, Problem> {
        let secret = format!("file:{}", self.files.secret);
        let words = ["hook", "register", "--url", url, "--secret", secret.as_str()];
        self.headline(6, &words);
        self.run(&org.line, &words).await
    }

    async fn visits(&self, emulator: &Emulator) -> Visits {
        let (crowd, console) = (&self.crowd, self.console);
        console.headline("\n7. The first morning: people sign in with the passwords that they had");
        let (right, wrong, strangers) = tokio::join!(
            let_in(emulator, crowd.right_at_once()),
            let_in(emulator, crowd.wrong()),
            let_in(emulator, crowd.strangers())
        );
        let right = right + let_in(emulator, crowd.right_at_last()).await;
        console.note(&format!(
            "   {} of {} came in with the right password, {wrong} with a wrong one, {strangers} under a name that nobody has",
            counted(right),
            counted(crowd.right_again().len())
        ));
        console.headline("\n8. The next day they sign in again, and nobody asks the hook");
        let before = last_call(emulator);
        let again = let_in(emulator, crowd.right_again()).await;
        let calls_again = calls_since(emulator, before.as_ref());
        console
            .note(&format!("   {} came in again; the hook was called {calls_again} times", counted(again)));
        Visits { right, wrong, strangers, again, calls_again }
    }

    async fn programme(&self, org: &Org) -> Result<[End; 2], Problem> {
        let status = ["programme", "status", "--audit", self.files.audit.as_str()];
        self.headline(9, &status);
        let seen = self.run(&org.line, &status).await?;
        let finish = ["programme", "finish", "--per-hour", MANY];
        self.headline(10, &finish);
        Ok([seen, self.run(&org.line, &finish).await?])
    }

    async fn check(
        &self,
        emulator: &Emulator,
        visits: &Visits,
        report: &ProgrammeReport,
        ends: &[End],
    ) -> End {
        self.console.headline("\n11. Does it add up?");
        let (crowd, mut checks) = (&self.crowd, Checks::new(self.console));
        let (all, signers) = (stored(emulator).await, crowd.right_again().len());
        let stragglers = crowd.stragglers();
        checks.holds("every command ended well", ends.iter().all(|end| *end == End::Fine));
        checks.count("people in the org", all.people, crowd.all());
        checks.count("came in with the right password", visits.right, signers);
        checks.count("came in with a wrong one, or as nobody", visits.wrong + visits.strangers, 0);
        checks.count("came in again", visits.again, signers);
        checks.count("calls of the hook for them", visits.calls_again, 0);
        checks.count("passwords that are Okta's own now", all.owned, signers);
        checks.count("people who waited for the hook", count(report.people), crowd.for_the_hook());
        checks.count("of them came over", count(report.come_over), crowd.come_over());
        checks.count("of them were reset by mail", count(report.reset), stragglers.len());
        checks.holds("exactly these have one mail", mailed(emulator).await == stragglers);
        checks.count("still wait", count(report.waiting), 0);
        checks.count("password hooks in the org", password_hooks(emulator).await, 0);
        checks.end()
    }

    fn next_steps(&self) {
        let folder = self.folder.display();
        self.console.headline("\nNext");
        self.console.note(&format!(
            "   Look at it        {folder}/muster/runs/*/report.html, {audit}, {settings}\n   \
             Your own file     muster hashes people.csv --known known.csv\n   \
             The whole of it   docs/passwords.md, docs/hook.md, docs/programme.md",
            audit = self.files.audit,
            settings = self.files.settings
        ));
    }

    fn without_org(&self) -> CommandLine {
        CommandLine::new("", &self.folder)
    }

    fn headline(&self, number: u8, words: &[&str]) {
        self.console.headline(&format!("\n{number}. muster {}", words.join(" ")));
    }

    /// One step, by the same way as from the command line.
    async fn run(&self, line: &CommandLine, words: &[&str]) -> Result<End, Problem> {
        let (settings, command) = line.typed(words)?;
        match command {
            Command::Import(args) => Box::pin(import::import(&settings, &args, self.console)).await,
            Command::Hook(command) => Box::pin(hook::hook(&settings, command, self.console)).await,
            Command::Programme(command) => {
                Box::pin(programme::programme(&settings, command, self.console)).await
            }
            _ => Err(lost()),
        }
    }
}

/// What the books say in the end.
async fn report(line: &CommandLine) -> Result<ProgrammeReport, Problem> {
    let (settings, _) = line.typed(&["programme", "status"])?;
    let opened = Opened::of(&settings, &ProgrammeRunsArgs { run: None, all_runs: false }).await?;
    Ok(opened.programme.report(ReportWish::default()).await?)
}

fn counted(people: usize) -> String {
    grouped(u64::try_from(people).unwrap_or(u64::MAX))
}

fn count(people: u64) -> usize {
    usize::try_from(people).unwrap_or(usize::MAX)
}

fn lost() -> Problem {
    Problem::could_not_run("a step of the tour is not the command that it should be")
}
