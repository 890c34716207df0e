/** Text messages of the `sessiond.v1` dialect: one JSON object each; the key `type` names it. */

export type Role = 'controller' | 'observer';

export type ServerMessage =
  | {
      type: 'hello'; proto?: string; epoch: string; role: Role; cols: number; rows: number; offset: number;
      state?: string; features?: string[]; attachment?: string; window?: number;
    }
  | { type: 'role'; role: Role }
  | { type: 'size'; cols: number; rows: number; offset?: number }
  | { type: 'title'; title?: string }
  | { type: 'lag'; from: number; to: number }
  | { type: 'exit'; code?: number | null; signal?: string | null }
  | { type: 'taken_over'; by?: string; at?: string }
  | { type: 'pong'; id?: number };

export type ClientMessage =
  | { type: 'ack'; offset: number }
  | { type: 'resize'; cols: number; rows: number; xpixel?: number; ypixel?: number }
  | { type: 'profile'; foreground?: string; background?: string; cursor?: string }
  | { type: 'claim' }
  | { type: 'release' }
  | { type: 'ping'; id: number };

/** What each known message cannot do without. */
const required: { [T in ServerMessage['type']]: Record<string, 'string' | 'number'> } = {
  hello: { epoch: 'string', role: 'string', cols: 'number', rows: 'number' },
  role: { role: 'string' },
  size: { cols: 'number', rows: 'number' },
  title: {},
  lag: {},
  exit: {},
  taken_over: {},
  pong: {},
};

/** Null for what this client does not know: a newer server may say more. */
export function readMessage(text: string): ServerMessage | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  const fields = message as Record<string, unknown>;
  const type = fields['type'];
  if (typeof type !== 'string' || !Object.hasOwn(required, type)) return null;
  for (const [key, kind] of Object.entries(required[type as ServerMessage['type']])) {
    if (typeof fields[key] !== kind) return null;
  }
  return message as ServerMessage;
}
