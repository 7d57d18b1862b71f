using Peregrine.Client.Json;
using Peregrine.Client.Pipeline;
using Peregrine.Protocol.Headers;

namespace Peregrine.Client.Tools;

/// <summary>A tool that a server offers. Immutable; it owns its bytes.</summary>
public sealed class RemoteTool
{
    private sbyte _safety = -1;

    internal RemoteTool(string name, ReadOnlyMemory<byte> definition)
    {
        Name = name;
        Definition = definition;
    }

    /// <summary>Its name, by which it is called.</summary>
    public string Name { get; }

    /// <summary>Its definition as the server sent it: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Definition { get; }

    /// <summary>What it does, where the server says. Read anew at each look.</summary>
    public string? Description => ObjectReader.FindText(Definition.Span, "description"u8);

    /// <summary>Its name for people, where the server gives one. Read anew at each look.</summary>
    public string? Title => ObjectReader.FindText(Definition.Span, "title"u8)
        ?? ObjectReader.FindText(ObjectReader.Find(Definition.Span, "annotations"u8), "title"u8);

    /// <summary>The JSON schema of its arguments, raw; empty where there is none.</summary>
    public ReadOnlyMemory<byte> InputSchema => RawObject.Find(Definition, "inputSchema"u8);

    /// <summary>The JSON schema of its structured answer, raw; empty where there is none.</summary>
    public ReadOnlyMemory<byte> OutputSchema => RawObject.Find(Definition, "outputSchema"u8);

    /// <summary>True where the server says that it changes nothing. A hint: who does not trust the server does not trust it.</summary>
    public bool ReadOnlyHint => Hint("readOnlyHint"u8, otherwise: false);

    /// <summary>True where the server says that a second call with the same arguments changes nothing more. A hint.</summary>
    public bool IdempotentHint => Hint("idempotentHint"u8, otherwise: false);

    /// <summary>True where the server does not say that it only adds. A hint.</summary>
    public bool DestructiveHint => Hint("destructiveHint"u8, otherwise: true);

    /// <summary>True where the server does not say that it deals with a closed set of things. A hint.</summary>
    public bool OpenWorldHint => Hint("openWorldHint"u8, otherwise: true);

    /// <summary>Which arguments a call repeats in headers; null where none, or not looked at.</summary>
    internal ToolHeaders? Headers { get; set; }

    /// <summary>What it says of itself about running twice; read once.</summary>
    internal RequestSafety Safety
    {
        get
        {
            if (_safety < 0)
            {
                _safety = (sbyte)(ReadOnlyHint ? RequestSafety.ReadOnly : IdempotentHint ? RequestSafety.Idempotent : RequestSafety.Unknown);
            }

            return (RequestSafety)_safety;
        }
    }

    private bool Hint(ReadOnlySpan<byte> name, bool otherwise)
    {
        var value = ObjectReader.Find(ObjectReader.Find(Definition.Span, "annotations"u8), name);
        return value.IsEmpty ? otherwise : value.SequenceEqual("true"u8);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
