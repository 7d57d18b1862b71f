using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Peregrine.Client.Connecting;
using Peregrine.Protocol.Headers;

namespace Peregrine.Client.Tools;

/// <summary>
/// What is known of the server's tools from the last list: which arguments their calls repeat in headers, what they say of themselves, and which of them must not be called. Thread-safe.
/// </summary>
internal sealed class ToolDirectory
{
    private volatile FrozenDictionary<string, RemoteTool> _byName = FrozenDictionary<string, RemoteTool>.Empty;
    private volatile FrozenDictionary<string, string> _unsound = FrozenDictionary<string, string>.Empty;

    /// <summary>The tool; null where it is not known.</summary>
    internal RemoteTool? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Why the tool must not be called; null where it may.</summary>
    internal string? FaultOf(string name) => _unsound.GetValueOrDefault(name);

    /// <summary>Takes a whole list and gives back what of it may be used (2026-07-28, Streamable HTTP, custom headers: a tool whose annotations break the rules is left out).</summary>
    /// <param name="tools">The list.</param>
    /// <param name="mirrorsHeaders">True where calls repeat arguments in headers; else the annotations have no effect.</param>
    /// <param name="peer">Whose list it is, for the log.</param>
    /// <param name="logger">Takes log messages.</param>
    internal IReadOnlyList<RemoteTool> Take(IReadOnlyList<RemoteTool> tools, bool mirrorsHeaders, string peer, ILogger logger)
    {
        Dictionary<string, string> unsound = new(StringComparer.Ordinal);
        var sound = mirrorsHeaders ? tools.Where(tool => IsSound(tool, unsound)).ToList() : tools;
        foreach (var (name, fault) in unsound)
        {
            ClientLog.ToolLeftOut(logger, peer, name, fault);
        }

        // The first of two of one name is the one that a server would find.
        _byName = sound.DistinctBy(static tool => tool.Name, StringComparer.Ordinal).ToFrozenDictionary(static tool => tool.Name, StringComparer.Ordinal);
        _unsound = unsound.ToFrozenDictionary(StringComparer.Ordinal);
        return sound;
    }

    /// <summary>Forgets everything: another conversation may be with another server.</summary>
    internal void Clear()
    {
        _byName = FrozenDictionary<string, RemoteTool>.Empty;
        _unsound = FrozenDictionary<string, string>.Empty;
    }

    private static bool IsSound(RemoteTool tool, Dictionary<string, string> unsound)
    {
        List<string> faults = [];
        tool.Headers = ToolHeaderReader.Read(tool.InputSchema.Span, faults);
        return faults.Count == 0 || !unsound.TryAdd(tool.Name, faults[0]);
    }
}
