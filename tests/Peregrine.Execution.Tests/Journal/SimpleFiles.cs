using Peregrine.Execution.Journal;

namespace Peregrine.Execution.Tests.Journal;

/// <summary>Files in memory that outlive who has them, and can fail. Thread-safe.</summary>
internal sealed class SimpleFiles : IJournalFiles
{
    private readonly Lock _gate = new();

    /// <summary>What the disk would have after the process was killed.</summary>
    internal SortedDictionary<string, byte[]> Contents { get; init; } = new(StringComparer.Ordinal);

    /// <summary>How many bytes there still is room for.</summary>
    internal long Room { get; set; } = long.MaxValue;

    internal bool FlushFails { get; set; }

    internal int Flushes { get; private set; }

    public string MachineStart { get; set; } = "start-1";

    public IReadOnlyList<string> List()
    {
        lock (_gate)
        {
            return [.. Contents.Keys];
        }
    }

    public byte[] Read(string name)
    {
        lock (_gate)
        {
            return Contents[name];
        }
    }

    public void Sync(string name)
    {
    }

    public IJournalFile Create(string name, bool durable)
    {
        lock (_gate)
        {
            if (Room == 0)
            {
                throw new IOException("No space left on device.");
            }

            Contents.Add(name, []);
            return new SimpleFile(this, name);
        }
    }

    public void Delete(string name)
    {
        lock (_gate)
        {
            Contents.Remove(name);
        }
    }

    public void Dispose()
    {
    }

    /// <summary>What another process would find: a copy.</summary>
    internal SimpleFiles Copy()
    {
        lock (_gate)
        {
            var copy = new SimpleFiles { MachineStart = MachineStart };
            foreach (var (name, bytes) in Contents)
            {
                copy.Contents.Add(name, [.. bytes]);
            }

            return copy;
        }
    }

    private sealed class SimpleFile(SimpleFiles files, string name) : IJournalFile
    {
        public void Append(ReadOnlySpan<byte> bytes)
        {
            lock (files._gate)
            {
                // As a real disk does: what fits is written, then it fails.
                var fits = (int)Math.Min(bytes.Length, files.Room);
                files.Contents[name] = [.. files.Contents[name], .. bytes[..fits]];
                files.Room -= files.Room == long.MaxValue ? 0 : fits;
                if (fits < bytes.Length)
                {
                    throw new IOException("No space left on device.");
                }
            }
        }

        public void Flush()
        {
            lock (files._gate)
            {
                files.Flushes++;
                if (files.FlushFails)
                {
                    throw new IOException("Input/output error.");
                }
            }
        }

        public void Dispose()
        {
        }
    }
}
