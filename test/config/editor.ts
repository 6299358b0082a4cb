/**
 * An editor, as far as a configuration file needs one: VS Code's YAML language server as a process, spoken to over its
 * standard streams. It may ask no network.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import {
  type CompletionItem,
  CompletionRequest,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  type MarkupContent,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
} from 'vscode-languageserver-protocol/node';
import { node24 } from '../runner.ts';

const root = path.resolve(import.meta.dirname, '../..');
const server = path.join(root, 'node_modules/yaml-language-server/bin/yaml-language-server');

/** The schema as it is committed, as an editor names a file. */
export const schemaUrl = pathToFileURL(path.join(root, 'schema/stripe-config.schema.json')).href;

const FILE = 'stripe-config.yaml';

/** Where the cursor stands in a text. */
const CURSOR = '‸';

/** What is done with a text; it is called `stripe-config.yaml` where no name is given. */
export interface Editor {
  /** What is offered at the cursor, `‸` in the text. */
  complete(text: string, name?: string): Promise<readonly CompletionItem[]>;
  /** The Markdown shown at the cursor; null where there is none. */
  hover(text: string): Promise<string | null>;
  /** What is underlined, as `LINE: message`, in the order of the lines. */
  diagnose(text: string, name?: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Starts the language server. The schema belongs to each file called `stripe-config.yaml`. */
export async function startEditor(): Promise<Editor> {
  const child = spawn(node24, [server, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  const connection = createProtocolConnection(child.stdout, child.stdin);
  const published = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
    published.get(uri)?.(diagnostics);
    published.delete(uri);
  });
  const configured = new Promise<void>((resolve) => {
    connection.onRequest(ConfigurationRequest.type, ({ items }) => {
      resolve();
      return items.map(({ section }) => (section === 'yaml' ? settings : null));
    });
  });
  connection.onRequest(RegistrationRequest.type, () => undefined);
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    capabilities,
  });
  await connection.sendNotification(InitializedNotification.type, {});
  await configured;

  let opened = 0;
  const open = async (text: string, name: string) => {
    opened += 1;
    const uri = `file:///shop/${opened}/${name}`;
    const diagnostics = new Promise<readonly Diagnostic[]>((resolve) => published.set(uri, resolve));
    await connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
    const close = () => connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    return { textDocument: { uri }, diagnostics, close };
  };
  const at = async (text: string, name: string) => {
    const lines = text.slice(0, text.indexOf(CURSOR)).split('\n');
    const document = await open(text.replace(CURSOR, ''), name);
    return { ...document, position: { line: lines.length - 1, character: (lines.at(-1) ?? '').length } };
  };
  return {
    async complete(text, name = FILE) {
      const { textDocument, position, close } = await at(text, name);
      const found = await connection.sendRequest(CompletionRequest.type, { textDocument, position });
      await close();
      return Array.isArray(found) ? found : (found?.items ?? []);
    },
    async hover(text) {
      const { textDocument, position, close } = await at(text, FILE);
      const found = await connection.sendRequest(HoverRequest.type, { textDocument, position });
      await close();
      return found === null ? null : (found.contents as MarkupContent).value;
    },
    async diagnose(text, name = FILE) {
      const { diagnostics, close } = await open(text, name);
      const found = [...(await diagnostics)].sort((a, b) => a.range.start.line - b.range.start.line);
      await close();
      return found.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
    },
    async close() {
      await connection.sendRequest(ShutdownRequest.type);
      const exited = new Promise((resolve) => child.once('exit', resolve));
      await connection.sendNotification(ExitNotification.type);
      await exited;
    },
  };
}

const settings = {
  schemas: { [schemaUrl]: FILE },
  schemaStore: { enable: false },
  kubernetesCRDStore: { enable: false },
};

/** As VS Code says of itself. */
const capabilities = {
  workspace: { configuration: true },
  textDocument: {
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown' as const] } },
    hover: { contentFormat: ['markdown' as const] },
    publishDiagnostics: {},
  },
};
