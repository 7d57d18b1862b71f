using Peregrine.Client.Reliability;
using Peregrine.Client.Tools;
using Peregrine.Execution.Resilience;

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

    /// <summary>
    /// Names the call: a server that keeps a ledger runs it once, however often it is sent under this key, and answers each time with the same result. Not blank, at most 256 characters; over HTTP without
    /// a known caller at least 16 random bytes' worth. Where the server keeps no ledger it has no effect. Null (the default): <see cref="ReliabilityOptions.Keys"/>.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The caller's word that the call changes nothing: it may be tried again, and hedged. Default false.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The caller's word that a second run of the call changes nothing more: it may be tried again. Default false.</summary>
    public bool Idempotent { get; init; }

    /// <summary>How often and when it is tried again. Null (the default): <see cref="ReliabilityOptions.Retry"/>.</summary>
    public RetryOptions? Retry { get; init; }

    /// <summary>How far progress moves <see cref="Timeout"/>, and after what time no attempt is begun. Zero to one day. Null (the default): <see cref="ReliabilityOptions.MaxRequestTimeout"/>.</summary>
    public TimeSpan? MaxTimeout { get; init; }

    /// <summary>What consistent hashing goes by in a pool: calls of one key reach one server. Null (the default): tool and arguments.</summary>
    public string? AffinityKey { get; init; }

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

        if (IdempotencyKey is { } key && (string.IsNullOrWhiteSpace(key) || key.Length > 256))
        {
            faults.Add("IdempotencyKey is blank, or longer than 256 characters.");
        }

        if (MaxTimeout is { } most && (most < TimeSpan.Zero || most > TimeSpan.FromDays(1)))
        {
            faults.Add($"MaxTimeout is {most.TotalSeconds} s: it may be 0 to 86400 s.");
        }

        Retry?.Validate(faults, "Retry");
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
