using Peregrine.Execution.Journal;
using Peregrine.Simulation.World;

namespace Peregrine.Simulation.Disk;

/// <summary>
/// The disk of a machine: it outlives processes, writes can be torn and can fail, and what was not flushed can be lost with the power. Durable files are filled with zeros ahead of what is
/// written, as those of the real disk are.
/// </summary>
internal sealed class SimDisk(SimWorld world)
{
    private const int Sector = 32;

    private static readonly byte[] Prepared = new byte[2048];

    private readonly SortedDictionary<string, SimFile> _files = new(StringComparer.Ordinal);
    private int _machineStarts = 1;

    /// <summary>How likely a write or a flush fails.</summary>
    internal double Failure { get; set; }

    /// <summary>How likely the process is killed in the middle of a write.</summary>
    internal double KillInWrite { get; set; }

    /// <summary>Kills the process that writes.</summary>
    internal Action? Kill { get; set; }

    internal IJournalFiles Open() => new Files(this);

    /// <summary>The power fails: of what was not flushed any beginning may be left, or, where the file had its length before, any parts.</summary>
    internal void LosePower()
    {
        _machineStarts++;
        foreach (var file in _files.Values)
        {
            var bytes = file.Bytes;
            if (file.IsPrepared && world.Chance(0.5))
            {
                LoseSectors(file);
                continue;
            }

            var left = file.Flushed + world.Random.Next(bytes.Count - file.Flushed + 1);
            bytes.RemoveRange(left, bytes.Count - left);
        }
    }

    private void LoseSectors(SimFile file)
    {
        var isLost = false;
        for (var at = file.Flushed; at < file.Bytes.Count; at++)
        {
            isLost = at % Sector == 0 || at == file.Flushed ? world.Chance(0.3) : isLost;
            file.Bytes[at] = isLost ? (byte)0 : file.Bytes[at];
        }
    }

    private void Append(string name, ReadOnlySpan<byte> data)
    {
        var bytes = _files[name].Bytes;
        if (world.Chance(KillInWrite))
        {
            bytes.AddRange(data[..world.Random.Next(data.Length + 1)]);
            Kill!();
            throw new SimKilledException();
        }

        if (world.Chance(Failure))
        {
            bytes.AddRange(data[..world.Random.Next(data.Length + 1)]);
            throw new IOException("The simulated disk failed to write.");
        }

        bytes.AddRange(data);
    }

    private void Flush(string name)
    {
        if (world.Chance(Failure))
        {
            throw new IOException("The simulated disk failed to flush.");
        }

        _files[name].Flushed = _files[name].Bytes.Count;
    }

    private sealed class Files(SimDisk disk) : IJournalFiles
    {
        public string MachineStart => $"start-{disk._machineStarts}";

        public IReadOnlyList<string> List() => [.. disk._files.Keys];

        public byte[] Read(string name) => disk._files[name] is { IsPrepared: true } file ? [.. file.Bytes, .. Prepared] : [.. disk._files[name].Bytes];

        // Does not fail: a journal that cannot be opened is a server that does not start.
        public void Sync(string name) => disk._files[name].Flushed = disk._files[name].Bytes.Count;

        public IJournalFile Create(string name, bool durable)
        {
            if (disk._files.ContainsKey(name))
            {
                throw new IOException($"{name} exists.");
            }

            disk._files.Add(name, new SimFile(durable));
            return new OpenFile(disk, name);
        }

        public void Delete(string name) => disk._files.Remove(name);

        public void Dispose()
        {
        }
    }

    private sealed class OpenFile(SimDisk disk, string name) : IJournalFile
    {
        public void Append(ReadOnlySpan<byte> bytes) => disk.Append(name, bytes);

        public void Flush() => disk.Flush(name);

        public void Dispose()
        {
        }
    }
}
