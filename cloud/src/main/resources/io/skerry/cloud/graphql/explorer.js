'use strict';

// The key is held by this variable alone: a browser may write a tab's session storage to the disk.
let key = '';
let operations = [];
let types = new Map();

const part = (id) => document.getElementById(id);

const TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }';
const ARGUMENTS = `args { name defaultValue type { ${TYPE} } }`;
const SCHEMA = `{ __schema { queryType { name } mutationType { name } types {
  name fields { name description ${ARGUMENTS} type { ${TYPE} } } } } }`;

const written = (type) =>
  type.kind === 'NON_NULL' ? written(type.ofType) + '!'
    : type.kind === 'LIST' ? '[' + written(type.ofType) + ']'
      : type.name;

const named = (type) => (type.ofType ? named(type.ofType) : type);

// Without a key whoever is logged in calls, by a cookie that counts together with this header only.
const authority = () => (key ? { authorization: `apikey ${key}` } : { 'skerry-session': 'explorer' });

async function call(query, variables) {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
    ...authority(),
  };
  // A change that is sent twice for a broken connection is made once.
  if (/\bmutation\b/.test(query)) headers['idempotency-key'] = crypto.randomUUID();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers,
    credentials: key ? 'omit' : 'same-origin',
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: await response.json() };
}

// What can be selected without selecting further within it; of a page, the same of its items.
function selection(type, depth = 0) {
  const fields = types.get(named(type).name)?.fields;
  if (!fields) return '';
  const plain = fields.filter((f) => !types.get(named(f.type).name)?.fields && !f.args.length).map((f) => f.name);
  const items = depth ? [] : fields.filter((f) => written(f.type).startsWith('[') && types.get(named(f.type).name)?.fields)
    .map((f) => f.name + selection(f.type, 1));
  return ` { ${[...items, ...plain].join(' ') || '__typename'} }`;
}

function template(operation) {
  const args = operation.args.filter((a) => a.type.kind === 'NON_NULL' && a.defaultValue === null);
  const declared = args.map((a) => `$${a.name}: ${written(a.type)}`).join(', ');
  const given = args.map((a) => `${a.name}: $${a.name}`).join(', ');
  const selects = selection(operation.type);
  return {
    query: `${operation.kind} ${operation.name}${declared && `(${declared})`} {\n  ${operation.name}${given && `(${given})`}${selects}\n}`,
    variables: JSON.stringify(Object.fromEntries(args.map((a) => [a.name, null])), null, 2),
  };
}

function list() {
  const wanted = part('search').value.trim().toLowerCase();
  const found = operations.filter((o) => `${o.name} ${o.description ?? ''}`.toLowerCase().includes(wanted));
  part('list').replaceChildren(...found.map((operation) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = operation.name;
    button.addEventListener('click', () => {
      const made = template(operation);
      part('query').value = made.query;
      part('variables').value = made.variables;
      part('query').focus();
    });
    const words = document.createElement('p');
    words.textContent = `${operation.kind}, ${written(operation.type)}. ${operation.description ?? ''}`;
    item.append(button, words);
    return item;
  }));
}

function show(state, result) {
  part('state').textContent = state;
  part('result').textContent = result === undefined ? '' : JSON.stringify(result, null, 2);
}

async function guarded(work) {
  part('run').disabled = true;
  show('…');
  try {
    await work();
  } catch (failure) {
    show(`No answer: ${failure.message}`);
  } finally {
    part('run').disabled = false;
  }
}

const run = () => guarded(async () => {
  let variables;
  try {
    variables = JSON.parse(part('variables').value || '{}');
  } catch (failure) {
    show(`The variables aren't JSON: ${failure.message}`);
    return;
  }
  const { status, body } = await call(part('query').value, variables);
  show(`HTTP ${status}`, body);
});

const learn = (welcome) => guarded(async () => {
  const { status, body } = await call(SCHEMA, {});
  if (!body.data) {
    show(`HTTP ${status}`, body);
    return;
  }
  const schema = body.data.__schema;
  types = new Map(schema.types.map((t) => [t.name, t]));
  operations = ['query', 'mutation'].flatMap(
    (kind) => types.get(schema[`${kind}Type`].name).fields.map((f) => ({ ...f, kind })));
  list();
  show(welcome);
});

part('access').addEventListener('submit', (event) => {
  event.preventDefault();
  key = part('key').value.trim();
  part('key').value = '';
  learn('The key is good for this page until it is closed or reloaded.');
});

const loggedIn = (is) => {
  part('login').hidden = is;
  part('logout').hidden = !is;
};

part('logout').addEventListener('click', () => guarded(async () => {
  await fetch('/logout', { method: 'POST', headers: { 'skerry-session': 'explorer' }, credentials: 'same-origin' });
  loggedIn(false);
  show('You are logged out.');
}));

// Whether somebody is logged in here only the control plane can tell; just after a login another one may be asked, which hears of it a
// moment later.
async function look(tries) {
  const { status } = await call('{ __typename }', {});
  if (key) return;
  if (status === 200) {
    loggedIn(true);
    learn('You are logged in.');
  } else if (tries > 1) {
    setTimeout(() => look(tries - 1).catch(() => {}), 500);
  }
}
look(location.hash === '#login' ? 4 : 1).catch(() => {});

part('search').addEventListener('input', list);
part('run').addEventListener('click', run);
document.addEventListener('keydown', (event) => {
  // A key that is held down is one wish, and one that comes while an answer is awaited is none.
  const again = event.repeat || part('run').disabled;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !again) run();
});
