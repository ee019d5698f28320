#!/usr/bin/env node
import process from 'node:process';
import { runCli } from './cli/run-cli.ts';

const { argv, cwd, env, stderr, stdout } = process;

process.exitCode = await runCli(argv.slice(2), { stdout, stderr, env, cwd: cwd() });
