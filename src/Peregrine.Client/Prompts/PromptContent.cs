using Peregrine.Client.Json;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Prompts;

/// <summary>A prompt, filled in. It borrows pooled memory: dispose it once read; its bytes must not be used after that. Strings may be kept.</summary>
public sealed class PromptContent : IDisposable
{
    private readonly McpReply _reply;

    internal PromptContent(McpReply reply) => _reply = reply;

    /// <summary>The whole result: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Raw => _reply.Result;

    /// <summary>What it is for, where the server says.</summary>
    public string? Description => ObjectReader.FindText(Raw.Span, "description"u8);

    /// <summary>Its messages, in order. Read anew at each look.</summary>
    public IReadOnlyList<PromptPart> Messages
    {
        get
        {
            var messages = RawObject.Find(Raw, "messages"u8);
            List<PromptPart> parts = [];
            var elements = new ArrayReader(messages.Span);
            while (elements.Next())
            {
                parts.Add(new PromptPart(elements.Range.Of(messages)));
            }

            return parts;
        }
    }

    /// <summary>Gives the memory back. More than once does nothing.</summary>
    public void Dispose() => _reply.Dispose();
}
