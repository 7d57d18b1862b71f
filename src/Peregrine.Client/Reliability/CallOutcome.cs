using Peregrine.Client.Json;

namespace Peregrine.Client.Reliability;

/// <summary>What is known about a call after its end: how often it was tried, and whether it ran.</summary>
public readonly record struct CallOutcome
{
    private const string DataKey = "Peregrine.CallOutcome";

    /// <summary>How many attempts were begun; 0 where the call was refused on this side.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether the server says that it received the call; null where it does not say (it does not speak <c>mcp_tx</c>, or the call had no key, or no answer came).</summary>
    public bool? Acknowledged { get; init; }

    /// <summary>Whether the server says that the tool ran; null where it does not say.</summary>
    public bool? Processed { get; init; }

    /// <summary>True where the server says that the call had run before, and gave the result of then.</summary>
    public bool Duplicate { get; init; }

    /// <summary>True where it is not known whether the call ran: it may have, and no answer tells.</summary>
    public bool Unknown { get; init; }

    /// <summary>The idempotency key under which it was sent; null where it had none, or the server keeps no ledger.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What is known about a call that ended with an exception; null where the exception does not come from a call.</summary>
    /// <param name="exception">What the call threw.</param>
    public static CallOutcome? Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Data[DataKey] as CallOutcome?;
    }

    /// <summary>Keeps it with the exception that the call throws.</summary>
    internal void AttachTo(Exception exception) => exception.Data[DataKey] = this;

    /// <summary>Adds what <c>_meta.mcp_tx</c> of an answer says.</summary>
    /// <param name="meta">The object <c>mcp_tx</c>, raw; empty where there is none.</param>
    internal CallOutcome With(ReadOnlySpan<byte> meta)
    {
        bool? acknowledged = null;
        bool? processed = null;
        var duplicate = false;
        var members = new ObjectReader(meta);
        while (members.Next())
        {
            if (members.Is("ack"u8))
            {
                acknowledged = Flag(members.Value);
            }
            else if (members.Is("processed"u8))
            {
                processed = Flag(members.Value);
            }
            else if (members.Is("duplicate"u8))
            {
                duplicate = Flag(members.Value) == true;
            }
        }

        return this with { Acknowledged = acknowledged, Processed = processed, Duplicate = duplicate };
    }

    private static bool? Flag(ReadOnlySpan<byte> raw) => raw.SequenceEqual("true"u8) ? true : raw.SequenceEqual("false"u8) ? false : null;
}
