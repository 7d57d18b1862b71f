using Peregrine.Client.Json;

namespace Peregrine.Client.Prompts;

/// <summary>A prompt that a server offers. Immutable; it owns its bytes.</summary>
public sealed class RemotePrompt
{
    internal RemotePrompt(string name, ReadOnlyMemory<byte> definition)
    {
        Name = name;
        Definition = definition;
    }

    /// <summary>Its name, by which it is asked for.</summary>
    public string Name { get; }

    /// <summary>Its definition as the server sent it: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Definition { get; }

    /// <summary>Its name for people, where the server gives one. Read anew at each look, as are the following.</summary>
    public string? Title => ObjectReader.FindText(Definition.Span, "title"u8);

    /// <summary>What it is for, where the server says.</summary>
    public string? Description => ObjectReader.FindText(Definition.Span, "description"u8);

    /// <summary>What it takes, in the server's order.</summary>
    public IReadOnlyList<RemotePromptArgument> Arguments
    {
        get
        {
            List<RemotePromptArgument> arguments = [];
            var elements = new ArrayReader(ObjectReader.Find(Definition.Span, "arguments"u8));
            while (elements.Next())
            {
                if (ObjectReader.FindText(elements.Value, "name"u8) is { } name)
                {
                    arguments.Add(new RemotePromptArgument(name, ObjectReader.FindText(elements.Value, "description"u8), RawObject.IsTrue(elements.Value, "required"u8)));
                }
            }

            return arguments;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
