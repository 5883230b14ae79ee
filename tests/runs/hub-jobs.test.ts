import { describe, expect, it, vi } from 'vitest';
import type { HubOrder, HubReport } from '../../src/runs/hub.ts';
import { createHubJobs, isUnderWay } from '../../src/runs/hub-jobs.ts';
import { createFakePort, type FakePort } from '../ui/fake-port.ts';

const order: HubOrder = { type: 'find-model', access: { endpoint: 'http://hub', token: null }, name: 'a/b' };
const found: HubReport = { type: 'found-model', model: { id: 'a/b', revision: 'main', commit: '0'.repeat(40) } };
const halfway: HubReport = { type: 'downloading', done: 1, total: 2, bytesPerSecond: 1 };
const failed: HubReport = { type: 'failed', error: { code: 'network', message: 'no answer' } };

function setUp() {
  const workers: FakePort<HubReport>[] = [];
  const onChange = vi.fn();
  const jobs = createHubJobs(() => {
    const worker = createFakePort<HubReport>();
    workers.push(worker);
    return worker;
  }, onChange);
  const reportOf = (key: string) => jobs.getState().reports.get(key) ?? null;
  return { jobs, workers, onChange, reportOf };
}

describe('what is asked of the Hub', () => {
  it('is under way until its worker says what came of it, and the worker ends', async () => {
    const { jobs, workers, onChange, reportOf } = setUp();
    const end = jobs.run('a', order);
    expect(isUnderWay(reportOf('a'))).toBe(true);
    workers[0]!.report(halfway);
    expect(reportOf('a')).toEqual(halfway);
    workers[0]!.report(found);
    await expect(end).resolves.toEqual(found);
    expect(reportOf('a')).toBeNull();
    expect(workers[0]!.isTerminated).toBe(true);
    expect(onChange).toHaveBeenCalledOnce();
  });

  it('shows a failure until the same is asked again', async () => {
    const { jobs, workers, reportOf } = setUp();
    const end = jobs.run('a', order);
    workers[0]!.report(failed);
    await expect(end).resolves.toEqual(failed);
    expect(reportOf('a')).toEqual(failed);
    void jobs.run('a', order);
    expect(reportOf('a')).toEqual({ type: 'asking' });
  });

  it('is broken off at once, whatever the worker still says', async () => {
    const { jobs, workers, reportOf } = setUp();
    const end = jobs.run('a', order);
    jobs.breakOff('a');
    workers[0]!.report(found);
    await expect(end).resolves.toBeNull();
    expect(workers[0]!.isTerminated).toBe(true);
    expect(reportOf('a')).toBeNull();
  });

  it('goes on for one thing while another ends', async () => {
    const { jobs, workers, reportOf } = setUp();
    const first = jobs.run('a', order);
    void jobs.run('b', order);
    workers[1]!.report(halfway);
    workers[0]!.report(found);
    await first;
    expect(reportOf('b')).toEqual(halfway);
  });
});
