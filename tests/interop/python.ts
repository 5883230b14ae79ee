// The oracle: a Python with torch, transformers and safetensors, where there is one. The product never needs it.
import { execFileSync } from 'node:child_process';

const modules = ['torch', 'transformers', 'safetensors'];

/** `WINNOW_PYTHON`, or a python3 that has the modules, `further` ones too; null where neither has. */
export function findPython(further: readonly string[] = []): string | null {
  const candidates = [process.env.WINNOW_PYTHON, 'python3'].filter((path) => path !== undefined);
  return candidates.find((python) => hasModules(python, [...modules, ...further])) ?? null;
}

/** For the name of a test that is skipped without the oracle. */
export const pythonNeeded = `needs a Python with ${modules.join(', ')}; set WINNOW_PYTHON to its path`;

/** Runs a program and returns what it prints. Throws with its traceback where it fails. */
export function runPython(code: string, args: readonly string[] = []): string {
  const python = findPython();
  if (python === null) throw new Error(`runPython: ${pythonNeeded}`);
  const env = { ...process.env, HF_HUB_OFFLINE: '1', TRANSFORMERS_VERBOSITY: 'error', TOKENIZERS_PARALLELISM: 'false' };
  return execFileSync(python, ['-c', code, ...args], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function hasModules(python: string, names: readonly string[]): boolean {
  const find = `import importlib.util as u, sys; sys.exit(any(u.find_spec(m) is None for m in ${JSON.stringify(names)}))`;
  try {
    execFileSync(python, ['-c', find], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
