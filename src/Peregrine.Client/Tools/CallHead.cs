using System.Collections.Concurrent;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Tools;

/// <summary>The beginning of the params of <c>tools/call</c>, serialised once a name. Thread-safe.</summary>
internal sealed class CallHead
{
    // Names come from callers; beyond this many they are written anew each time rather than kept for ever.
    private const int MaxKept = 1024;

    private readonly ConcurrentDictionary<string, byte[]> _heads = new(StringComparer.Ordinal);

    /// <summary><c>{"name":"…","arguments":</c></summary>
    internal byte[] For(string name)
    {
        if (_heads.TryGetValue(name, out var head))
        {
            return head;
        }

        using var writer = new PooledByteWriter(64 + name.Length);
        writer.Write("{\"name\":"u8);
        JsonStringWriter.WriteString(writer, name);
        writer.Write(",\"arguments\":"u8);
        head = writer.WrittenSpan.ToArray();
        if (_heads.Count < MaxKept)
        {
            _heads.TryAdd(name, head);
        }

        return head;
    }
}
