import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Route } from './router.ts';

const FOLDER = join(import.meta.dirname, 'console');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The console's files, read once: what is served is exactly what the folder held at the start. */
export function assetRoutes(folder = FOLDER): Route[] {
  return readdirSync(folder).flatMap((name) => {
    const contentType = CONTENT_TYPES[extname(name)];
    if (contentType === undefined) return [];
    const body = readFileSync(join(folder, name));
    const path = name === 'index.html' ? '/' : `/${name}`;
    return [{ method: 'GET', path, about: 'the console', answer: () => ({ status: 200, contentType, body }) }];
  });
}
