/** What a client does after its socket was closed. */
export type CloseAction =
  | 'stop' // our own close
  | 'retry' // the network or the server: again with back-off
  | 'retry_now' // the server asks for it
  | 'taken_over'
  | 'ended'
  | 'signed_out'
  | 'gone'
  | 'busy'
  | 'not_permitted'
  | 'refused'; // trying again would end the same way

const actions: ReadonlyMap<number, CloseAction> = new Map<number, CloseAction>([
  [1000, 'stop'],
  [1003, 'refused'],
  [4001, 'taken_over'],
  [4002, 'ended'],
  [4003, 'signed_out'],
  [4004, 'gone'],
  [4009, 'busy'],
  [4010, 'retry_now'],
  [4011, 'not_permitted'],
]);

/** Codes that are not listed (1001 shutting down, 1006 network, 4008 no progress, and those of a newer server) are tried again. */
export function closeAction(code: number): CloseAction {
  return actions.get(code) ?? 'retry';
}
