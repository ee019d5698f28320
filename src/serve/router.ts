import type { Answer } from './answer.ts';
import { refuse } from './answer.ts';

export type Method = 'GET' | 'POST' | 'PUT';

/** One request as a route sees it. */
export interface Ask {
  /** The parts of the path that the route names with a colon. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The types that are welcome as an answer, as the client put it. */
  readonly accept: string;
  /** What came as JSON; undefined where nothing came. */
  readonly body: unknown;
}

export interface Route {
  readonly method: Method;
  /** `/api/v1/hosts/:id` */
  readonly path: string;
  readonly about: string;
  answer(ask: Ask): Answer | Promise<Answer>;
}

export type Match =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly refusal: Answer };

/** Finds routes by method and path; what it does not find it refuses with words that help on. */
export class Router {
  readonly #routes: readonly Route[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
  }

  match(method: string, path: string): Match {
    const wanted = method === 'HEAD' ? 'GET' : method;
    const parts = decoded(path);
    if (parts === undefined) return { refusal: refuse(400, `the path ${path} is not well encoded`) };
    const methods: string[] = [];
    for (const route of this.#routes) {
      const params = matched(route.path.split('/'), parts);
      if (params === undefined) continue;
      if (route.method === wanted) return { route, params };
      methods.push(route.method);
    }
    return { refusal: methods.length > 0 ? wrongMethod(method, path, methods) : this.#unknown(path) };
  }

  #unknown(path: string): Answer {
    const routes = this.#routes.map((route) => `${route.method} ${route.path}: ${route.about}`);
    return refuse(404, `there is nothing at ${path}; see the routes`, { routes });
  }
}

function wrongMethod(method: string, path: string, methods: readonly string[]): Answer {
  const allow = methods.join(', ');
  return { ...refuse(405, `${path} answers to ${allow}, not to ${method}`), headers: { allow } };
}

function decoded(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function matched(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (let i = 0; i < pattern.length; i++) {
    const part = parts[i]!;
    if (pattern[i]!.startsWith(':') && part !== '') params[pattern[i]!.slice(1)] = part;
    else if (pattern[i] !== part) return undefined;
  }
  return params;
}
