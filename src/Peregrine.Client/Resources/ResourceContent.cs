using Peregrine.Client.Json;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Resources;

/// <summary>What reading a resource gave. It borrows pooled memory: dispose it once read; its bytes must not be used after that. Strings may be kept.</summary>
public sealed class ResourceContent : IDisposable
{
    private readonly McpReply _reply;

    internal ResourceContent(McpReply reply) => _reply = reply;

    /// <summary>The whole result: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Raw => _reply.Result;

    /// <summary>The contents, at least one where the server keeps to the specification. Read anew at each look.</summary>
    public IReadOnlyList<ResourcePart> Parts
    {
        get
        {
            var contents = RawObject.Find(Raw, "contents"u8);
            List<ResourcePart> parts = [];
            var elements = new ArrayReader(contents.Span);
            while (elements.Next())
            {
                parts.Add(new ResourcePart(elements.Range.Of(contents)));
            }

            return parts;
        }
    }

    /// <summary>The text of the first contents that are text; empty where none are.</summary>
    public string GetText() => Parts.Select(static part => part.Text).FirstOrDefault(static text => text is not null) ?? "";

    /// <summary>Gives the memory back. More than once does nothing.</summary>
    public void Dispose() => _reply.Dispose();
}
