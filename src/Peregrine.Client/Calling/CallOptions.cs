using Peregrine.Client.Tools;

namespace Peregrine.Client.Calling;

/// <summary>What one call wants different from the client's settings. The defaults want nothing.</summary>
public sealed record CallOptions
{
    /// <summary>How long to wait for the reply; zero waits without bound. Null (the default): <see cref="PeregrineClientOptions.RequestTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Takes progress reports, on the connection's reader: return soon. Null (the default) asks the server for none.</summary>
    public IProgress<CallProgress>? Progress { get; init; }

    /// <summary>
    /// Members for <c>params._meta</c>: a raw JSON object, kept as it is. None may be a member that the client writes itself. Unchanged until the call ends. Default: none.
    /// </summary>
    public ReadOnlyMemory<byte> Meta { get; init; }

    /// <summary>Throws where the settings are not valid, naming all faults.</summary>
    internal void Validate()
    {
        List<string> faults = [];
        if (Timeout < TimeSpan.Zero)
        {
            faults.Add("Timeout is negative.");
        }

        if (!Meta.IsEmpty && !PeregrineClientOptions.IsJsonObject(Meta.Span))
        {
            faults.Add("Meta is no JSON object.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    /// <summary>The members of <see cref="Meta"/> without the braces around them.</summary>
    internal ReadOnlyMemory<byte> MetaMembers
    {
        get
        {
            var json = Meta.Span;
            var start = json.IndexOf((byte)'{') + 1;
            var end = json.LastIndexOf((byte)'}');
            return start == 0 || json[start..end].Trim(" \t\r\n"u8).IsEmpty ? default : Meta[start..end];
        }
    }
}
