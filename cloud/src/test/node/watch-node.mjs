// Follows a node at URL (ws:) with the key in the environment by the client of graphql-ws, and prints each answer as a line of JSON; ends
// after as many as the last argument says, or with the connection, of which it prints why.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, node, most] = process.argv.slice(2);
const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `apikey ${process.env.SKERRY_API_KEY}` },
  retryAttempts: 0,
});
const answers = client.iterate({
  query: 'subscription($id: ID!) { DM_watch_node(node_id: $id) { name } }',
  variables: { id: node },
});
let count = 0;
try {
  for await (const answer of answers) {
    console.log(JSON.stringify(answer));
    if (++count === Number(most)) break;
  }
  await client.dispose();
} catch (end) {
  console.log(`ended ${end.code ?? ''} ${end.reason ?? end.message ?? end}`);
}
