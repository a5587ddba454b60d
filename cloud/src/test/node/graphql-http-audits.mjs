// Runs the audits of graphql-over-HTTP against URL with the key in the environment, and prints a line for each: what it came to, a tab,
// its name, and why.
import { serverAudits } from 'graphql-http';

const url = process.argv[2];
const authorization = `apikey ${process.env.SKERRY_API_KEY}`;
const withKey = (input, init = {}) => fetch(input, { ...init, headers: { ...init.headers, authorization } });

for (const audit of serverAudits({ url, fetchFn: withKey })) {
  const result = await audit.fn();
  console.log([result.status, result.name, (result.reason ?? '').replaceAll('\n', ' ')].join('\t'));
}
