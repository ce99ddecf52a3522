//! `muster emulator --like`: looks at a real org, with reads alone, so that an emulated one can be like it.

use muster_emulator::{Allowance, Bucket, Likeness, LimitOverride};
use muster_engine::{OrgTrouble, patiently};
use muster_okta::{CallError, Okta, needs};
use serde_json::Value;
use url::Url;

use super::connect::connect_to;
use crate::error::Problem;
use crate::output::Console;
use crate::settings::{Settings, parse_org_url};

/// The reader of an org, and what it has seen of its limits.
struct Reader<'a> {
    okta: Okta,
    console: Console,
    address: &'a str,
    limits: Vec<LimitOverride>,
}

/// Reads what the org looks like. What this token may not see is left out, and said.
pub async fn likeness(settings: &Settings, address: &str, console: Console) -> Result<Likeness, Problem> {
    let base: Url =
        parse_org_url(address).map_err(|reason| Problem::wrong_usage(format!("--like: {reason}")))?;
    let okta = connect_to(settings, base, needs::likeness())?;
    let mut reader = Reader { okta, console, address, limits: Vec::new() };
    let types = reader.needed("meta/types/user", Bucket::Other, "okta.userTypes.read").await?;
    let mut schemas = Vec::new();
    for (id, schema) in types.iter().filter_map(type_and_schema) {
        let path = format!("meta/schemas/user/{schema}");
        let found = reader.needed(&path, Bucket::Other, "okta.schemas.read").await?;
        schemas.extend(found.into_iter().next().map(|schema| (id, schema)));
    }
    let groups = reader.needed("groups?limit=200", Bucket::Groups, "okta.groups.read").await?;
    let group_schema =
        reader.wanted("meta/schemas/group/default", Bucket::Other, "okta.schemas.read").await.pop();
    let hooks = reader.wanted("inlineHooks", Bucket::Other, "okta.inlineHooks.read").await;
    let realms = reader.wanted("realms", Bucket::Realms, "okta.realms.read").await;
    reader.limits_of_users(&groups).await;
    Ok(Likeness { types, schemas, group_schema, groups, hooks, realms, limits: reader.limits })
}

/// The id of a type, and that of its schema, which stands at the end of a link.
fn type_and_schema(user_type: &Value) -> Option<(String, String)> {
    let link = user_type["_links"]["schema"]["href"].as_str()?;
    Some((user_type["id"].as_str()?.to_owned(), link.rsplit('/').next()?.to_owned()))
}

impl Reader<'_> {
    /// A resource without which there is no likeness.
    async fn needed(
        &mut self,
        path: &str,
        bucket: Bucket,
        scope: &'static str,
    ) -> Result<Vec<Value>, Problem> {
        self.all(path, bucket).await.map_err(|error| {
            let trouble = OrgTrouble::of(&error, self.address, path, scope);
            Problem::could_not_run(format!("--like: {trouble}"))
        })
    }

    /// A resource that the org may not have, or not show to this token.
    async fn wanted(&mut self, path: &str, bucket: Bucket, scope: &'static str) -> Vec<Value> {
        match self.all(path, bucket).await {
            Ok(found) => found,
            Err(error) => {
                let trouble = OrgTrouble::of(&error, self.address, path, scope);
                self.console.note(&format!("--like: left out {path}: {trouble}"));
                Vec::new()
            }
        }
    }

    /// The resource, or the whole list, page by page.
    async fn all(&mut self, path: &str, bucket: Bucket) -> Result<Vec<Value>, CallError> {
        let mut found = Vec::new();
        let mut page = path.to_owned();
        loop {
            let attempt = patiently(|| self.okta.read_resource(&page)).await;
            match attempt.result? {
                Value::Array(elements) => found.extend(elements),
                one => found.push(one),
            }
            self.limit(bucket, attempt.limit);
            match attempt.next {
                Some(next) => page = next,
                None => return Ok(found),
            }
        }
    }

    /// What the headers told of a bucket. Limit 0 is no limit but a sign of too many requests at once.
    fn limit(&mut self, bucket: Bucket, limit: Option<u64>) {
        let requests = limit.and_then(|limit| u32::try_from(limit).ok()).filter(|limit| *limit > 0);
        if let Some(requests) = requests
            && self.limits.iter().all(|known| known.bucket != Some(bucket))
        {
            let allowance = Allowance::PerWindow { requests, seconds: 60 };
            self.limits.push(LimitOverride { bucket: Some(bucket), allowance });
        }
    }

    /// The limits around users show in answers that tell nothing of a user: an empty search, and a read of nobody.
    async fn limits_of_users(&mut self, groups: &[Value]) {
        let nobody = "users?limit=1&filter=id%20eq%20%2200u00000000000000000%22";
        let _ = self.all(nobody, Bucket::Users).await;
        let attempt = patiently(|| self.okta.read_resource("users/00u00000000000000000")).await;
        self.limit(Bucket::UserReads, attempt.limit);
        if let Some(id) = groups.first().and_then(|group| group["id"].as_str()) {
            let _ = self.all(&format!("groups/{id}"), Bucket::Group).await;
        }
    }
}
