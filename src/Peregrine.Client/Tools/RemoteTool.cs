using Peregrine.Client.Json;

namespace Peregrine.Client.Tools;

/// <summary>A tool that a server offers. Immutable; it owns its bytes.</summary>
public sealed class RemoteTool
{
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
    public ReadOnlyMemory<byte> InputSchema
    {
        get
        {
            var members = new ObjectReader(Definition.Span);
            while (members.Next())
            {
                if (members.Is("inputSchema"u8))
                {
                    return members.Range.Of(Definition);
                }
            }

            return default;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
