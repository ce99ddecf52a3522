// The org under test and made-up people for it. The SDK reads OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN by itself.
import okta from '@okta/okta-sdk-nodejs';

export { okta };

// One client per use: without its cache, which never forgets what a write has changed.
export const connect = (settings = {}) => new okta.Client({ cacheMiddleware: null, ...settings });

// bcrypt of "P@ssword123456", cost 10.
export const BCRYPT = {
  algorithm: 'BCRYPT',
  workFactor: 10,
  salt: 'qRRx8rli7Lvs2h2CNgCQ2O',
  value: 'mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2',
};

let made = 0;

// A word that nobody else in this org has: the process and a counter.
export const word = (prefix) => `${prefix}${process.pid}x${(made += 1)}`;

export const profile = (lastName = word('Nobody')) => {
  const login = `${word('ann')}@example.com`;
  return { firstName: 'Ann', lastName, login, email: login };
};

export const staged = (client, extra = {}) =>
  client.userApi.createUser({ body: { profile: profile(), ...extra }, activate: false });

export const active = (client) =>
  client.userApi.createUser({ body: { profile: profile(), credentials: { password: { hash: BCRYPT } } } });

export const status = async (client, userId) => (await client.userApi.getUser({ userId })).status;

export const all = async (collection) => {
  const found = [];
  await collection.each((one) => { found.push(one); });
  return found;
};

// Runs `work` over `items`, `width` at a time.
export const each = async (items, width, work) => {
  const rest = [...items];
  const worker = async () => {
    while (rest.length > 0) await work(rest.shift());
  };
  await Promise.all(Array.from({ length: width }, worker));
};
