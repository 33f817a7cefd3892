import { describe, expect, test } from 'vitest';
import type { InstanceId, MaterialId, MeshId, MeshSnapshot, SceneChanges, StageId } from '../../share/protocol/scene.ts';
import { IDENTITY } from './imaging/matrix.ts';
import { Pace } from './pace.ts';
import { SceneWriter } from './scene-writer.ts';

const STAGE = 3 as StageId;

function recorded() {
  const messages: SceneChanges[] = [];
  const transfers: Transferable[][] = [];
  const writer = new SceneWriter(
    STAGE,
    { upAxis: 'Y', metersPerUnit: 1 },
    {
      postMessage: (message, transfer) => {
        messages.push(message);
        transfers.push(transfer);
      },
    },
  );
  const putRow = (id: number): void => writer.putRow(id as InstanceId, 0 as MeshId, 0 as MaterialId, 7, 1, IDENTITY);
  return { messages, transfers, writer, putRow };
}

function mesh(id: number, vertexCount = 1): MeshSnapshot {
  return {
    id: id as MeshId,
    label: '/M',
    positions: new Float32Array(vertexCount * 3),
    normals: new Float32Array(vertexCount * 3),
    uvs: [],
    indices: new Uint32Array(3),
    subsets: [],
    bounds: [0, 0, 0, 0, 0, 0],
    isDoubleSided: false,
  };
}

describe('SceneWriter', () => {
  test('puts the reset into the first message only, and counts messages', () => {
    const { messages, writer, putRow } = recorded();
    putRow(0);
    writer.flush();
    putRow(1);
    writer.flush('complete');
    expect(messages.map(({ reset, sequence, milestone }) => [reset !== undefined, sequence, milestone])).toEqual([
      [true, 0, undefined],
      [false, 1, 'complete'],
    ]);
    writer.flush();
    expect(messages).toHaveLength(2);
  });

  test('transfers every buffer of what it sends', () => {
    const { transfers, writer, putRow } = recorded();
    const sent = mesh(0);
    writer.putMesh(sent);
    putRow(0);
    writer.flush();
    expect(transfers[0]).toContain(sent.positions.buffer);
    expect(transfers[0]).toHaveLength(3 + 6); // positions, normals, indices; six columns of rows
  });

  test('leaves out rows that were removed before they left', () => {
    const { messages, writer, putRow } = recorded();
    for (const id of [0, 1, 2]) putRow(id);
    writer.putTransform(1 as InstanceId, IDENTITY);
    writer.putFlags(1 as InstanceId, 0);
    writer.removeRows(Uint32Array.of(1));
    writer.flush();
    const [{ instances, removedInstances, transforms, flags } = {} as SceneChanges] = messages;
    expect([...instances!.ids]).toEqual([0, 2]);
    expect([...removedInstances!]).toEqual([1]);
    expect(transforms).toBeUndefined();
    expect(flags).toBeUndefined();
  });

  test('sends a point in place of a matrix without finite numbers', () => {
    const { messages, writer } = recorded();
    const broken = IDENTITY.slice();
    broken[12] = 1e300; // finite in doubles alone
    writer.putRow(0 as InstanceId, 0 as MeshId, 0 as MaterialId, 0, 1, broken);
    writer.flush();
    expect([...messages[0]!.instances!.worldFromLocal]).toEqual([...Array<number>(15).fill(0), 1]);
  });

  test('does not hand out a removed number before the removal has left', () => {
    const { writer } = recorded();
    const first = writer.meshIds.allocate();
    writer.putMesh(mesh(first));
    writer.flush();
    writer.removeMesh(first as MeshId);
    expect(writer.meshIds.allocate()).not.toBe(first);
    writer.flush();
    expect(writer.meshIds.allocate()).toBe(first);
  });

  test('waits while the renderer is behind, and goes on when it answers', async () => {
    const { messages, writer } = recorded();
    const pace = new Pace(new AbortController().signal);
    let sent = 0;
    const sending = (async () => {
      for (; sent < 12; sent++) {
        writer.putMesh(mesh(sent, 1 << 18)); // 6 MiB: each is due at once
        await writer.pace(pace);
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const underWay = messages.length;
    expect(underWay).toBeLessThan(12);
    const answering = setInterval(() => writer.acknowledge({ kind: 'sceneAck', stage: STAGE, sequence: messages.length - 1 }), 1);
    await sending;
    clearInterval(answering);
    expect(messages).toHaveLength(12);
  });

  test('hears a cancel while it waits', async () => {
    const { writer } = recorded();
    const controller = new AbortController();
    const pace = new Pace(controller.signal);
    const sending = (async () => {
      for (let i = 0; i < 20; i++) {
        writer.putMesh(mesh(i, 1 << 18));
        await writer.pace(pace);
      }
    })();
    setTimeout(() => controller.abort(), 10);
    await expect(sending).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('sends the rows of a huge instancer in pieces', () => {
    const { messages, writer } = recorded();
    for (let i = 0; i < 250_000; i++) writer.putRow(i as InstanceId, 0 as MeshId, 0 as MaterialId, 0, 1, IDENTITY);
    writer.flush();
    expect(messages.length).toBeGreaterThan(1);
    expect(messages.reduce((sum, { instances }) => sum + (instances?.ids.length ?? 0), 0)).toBe(250_000);
  });
});
