using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Interaction;
using Peregrine.Server.Interaction.Forms;

namespace Peregrine.Server.Compat.Roots;

/// <summary><c>roots/list</c>.</summary>
internal sealed class RootsQuestion : ClientQuestion<IReadOnlyList<McpRoot>>
{
    internal static RootsQuestion Instance { get; } = new();

    internal override ReadOnlySpan<byte> Method => "roots/list"u8;

    internal override McpMissingCapabilityException? Missing(McpClientCapabilities client, ProtocolVersion version) => client.Roots ? null
        : new McpMissingCapabilityException("The client cannot be asked for its roots: it has not declared the capability roots.", "{\"roots\":{}}"u8.ToArray());

    internal override void WriteParams(PooledByteWriter writer, ProtocolVersion version) => writer.Write("{}"u8);

    protected override string? Read(ReadOnlyMemory<byte> json, JsonElement root, out IReadOnlyList<McpRoot>? answer)
    {
        answer = null;
        if (!root.TryGetProperty("roots", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return "\"roots\" must be an array";
        }

        List<McpRoot> roots = new(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("uri", out var rawUri) || !FormReader.TryGetText(rawUri, out var uri))
            {
                return "every root must be an object with a \"uri\", a string";
            }

            roots.Add(new McpRoot(uri, item.TryGetProperty("name", out var rawName) && FormReader.TryGetText(rawName, out var name) ? name : null));
        }

        answer = roots;
        return null;
    }
}
