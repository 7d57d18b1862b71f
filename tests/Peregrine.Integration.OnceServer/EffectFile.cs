namespace Peregrine.Integration.OnceServer;

/// <summary>What calls have done to the world: a line a call, each written by one system call. Thread-safe.</summary>
#pragma warning disable CA1001 // Lives as long as its process, which is killed.
internal sealed class EffectFile
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly HashSet<string> _known;

    internal EffectFile(string path)
    {
        _known = File.Exists(path) ? [.. File.ReadLines(path)] : [];
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    internal void Append(string key)
    {
        var line = System.Text.Encoding.UTF8.GetBytes(key + "\n");
        lock (_gate)
        {
            _file.Write(line);
            _known.Add(key);
        }
    }

    internal bool Has(string key)
    {
        lock (_gate)
        {
            return _known.Contains(key);
        }
    }
}
