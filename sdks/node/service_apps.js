// Makes key pairs for two service apps, one of them bound to its keys (DPoP): what the emulated org is to know of them
// goes into plain.app.json and bound.app.json, what the suite needs into plain.key.json and bound.key.json.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory] = process.argv.slice(2);
const everyScope = ['okta.users.manage', 'okta.users.read', 'okta.groups.read'];

const make = (name, scopes, bound) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: name, alg: 'RS256', use: 'sig' };
  const { kty, n, e, kid, alg, use } = jwk;
  const clientId = `0oa${name}`.padEnd(20, '0');
  const app = { client_id: clientId, jwks: { keys: [{ kty, n, e, kid, alg, use }] }, scopes, dpop_bound_access_tokens: bound };
  writeFileSync(join(directory, `${name}.app.json`), JSON.stringify(app), { mode: 0o600 });
  writeFileSync(join(directory, `${name}.key.json`), JSON.stringify({ clientId, privateKey: jwk }), { mode: 0o600 });
};

make('plain', everyScope, false);
make('bound', everyScope, true);
