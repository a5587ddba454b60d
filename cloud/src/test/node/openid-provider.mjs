// An OpenID provider (npm's oidc-provider) at https://localhost:PORT with the key in the PKCS#12 file KEYS (password: changeit), which
// sends browsers back to REDIRECT. Whoever logs in by its forms, with any password, is who they say: NAME has the address
// NAME@example.org, unless the name begins with "unverified", and is in the group "operators" when it begins with "op". Prints "ready",
// and ends with its standard input.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { Provider } from 'oidc-provider';

const [port, keys, redirect] = process.argv.slice(2);
const client = { redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'] };
const provider = new Provider(`https://localhost:${port}`, {
  clients: [
    { client_id: 'skerry', client_secret: 'a secret of tests alone', ...client },
    { client_id: 'skerry-public', token_endpoint_auth_method: 'none', ...client },
  ],
  scopes: ['openid', 'profile', 'email', 'groups'],
  claims: { openid: ['sub'], profile: ['preferred_username'], email: ['email', 'email_verified'], groups: ['groups'] },
  pkce: { required: () => true },
  cookies: { keys: ['of tests alone'] },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      preferred_username: id,
      email: `${id}@Example.org`,
      email_verified: !id.startsWith('unverified'),
      groups: id.startsWith('op') ? ['operators'] : [],
    }),
  }),
});
createServer({ pfx: readFileSync(keys), passphrase: 'changeit' }, provider.callback())
  .listen(Number(port), 'localhost', () => console.log('ready'));
process.stdin.on('end', () => process.exit(0)).resume();
