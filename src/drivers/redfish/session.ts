import { type Answer, exchange, type Question, type Trust } from './exchange.ts';

/** One BMC, and how to log in to it. */
export interface RedfishBmc {
  readonly url: URL;
  readonly user: string;
  /** Asked for at each login, so that a changed password needs no restart; throws in a sentence where there is none. */
  readonly password: () => string;
  readonly trust: Trust;
  /** Which of its systems; needed only where it has several. */
  readonly system?: string;
}

const SESSIONS = '/redfish/v1/SessionService/Sessions';
const UNAUTHORISED = 401;
const CREATED = 201;
/** Simple services have no sessions, which each says in its own way: as not found, not allowed, not authorised. */
const saysThatThereAreNone = (status: number): boolean => (status >= 400 && status < 500) || status === 501;

interface Pass {
  readonly headers: Readonly<Record<string, string>>;
  readonly isSession: boolean;
  /** Where the session is ended. */
  readonly session?: string;
}

/**
 * Logged in once and for all questions, since BMCs have few sessions to give; anew when the session has run out. Where
 * there are no sessions, each question carries the password.
 */
export class RedfishSession {
  readonly #bmc: RedfishBmc;
  #pass: Promise<Pass> | undefined;

  constructor(bmc: RedfishBmc) {
    this.#bmc = bmc;
  }

  async ask(question: Omit<Question, 'headers'>): Promise<Answer> {
    const pass = await this.#loggedIn();
    const answer = await this.#exchange({ ...question, headers: pass.headers });
    if (answer.status !== UNAUTHORISED) return answer;
    this.#pass = undefined;
    const again = pass.isSession
      ? await this.#exchange({ ...question, headers: (await this.#loggedIn()).headers })
      : answer;
    if (again.status === UNAUTHORISED) throw new Error('refuses the user or the password');
    return again;
  }

  async close(): Promise<void> {
    const pass = await this.#pass?.catch(() => undefined);
    this.#pass = undefined;
    if (pass?.session === undefined) return;
    await this.#exchange({ method: 'DELETE', path: pass.session, headers: pass.headers });
  }

  /** Two who ask at once log in once. */
  #loggedIn(): Promise<Pass> {
    if (this.#pass !== undefined) return this.#pass;
    const pass = this.#login();
    this.#pass = pass;
    pass.catch(() => {
      if (this.#pass === pass) this.#pass = undefined;
    });
    return pass;
  }

  async #login(): Promise<Pass> {
    const { user } = this.#bmc;
    const password = this.#bmc.password();
    const body = { UserName: user, Password: password };
    const answer = await this.#exchange({ method: 'POST', path: SESSIONS, headers: {}, body });
    const token = answer.header('x-auth-token');
    if (answer.status === CREATED && token !== undefined) {
      const session = answer.header('location');
      return {
        headers: { 'x-auth-token': token },
        isSession: true,
        ...(session === undefined ? {} : { session: pathOf(session) }),
      };
    }
    if (!saysThatThereAreNone(answer.status)) throw new Error(`answers a login with ${answer.status}`);
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return { headers: { authorization }, isSession: false };
  }

  #exchange(question: Question): Promise<Answer> {
    return exchange(this.#bmc.url, this.#bmc.trust, question);
  }
}

/** Some tell their sessions by path, some by the whole address. */
function pathOf(location: string): string {
  return new URL(location, 'http://bmc').pathname;
}
