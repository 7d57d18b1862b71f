using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Features;

/// <summary>The extensions that the user declares. They have no methods of their own here. Immutable.</summary>
internal sealed class ExtensionsFeature : IServerFeature
{
    private readonly byte[] _capability;

    /// <summary>Takes valid extensions (<see cref="ExtensionRules"/>).</summary>
    internal ExtensionsFeature(IReadOnlyDictionary<string, string> extensions)
    {
        using var writer = new PooledByteWriter(256);
        foreach (var (id, settings) in extensions)
        {
            writer.Write(writer.Length == 0 ? "\"extensions\":{"u8 : ","u8);
            JsonStringWriter.WriteString(writer, id.AsSpan());
            writer.WriteByte((byte)':');
            writer.Write(System.Text.Encoding.UTF8.GetBytes(settings));
        }

        if (writer.Length > 0)
        {
            writer.WriteByte((byte)'}');
        }

        _capability = writer.WrittenSpan.ToArray();
        LineBreaks.ReplaceWithSpaces(_capability);
    }

    /// <inheritdoc/>
    public McpMethod[] Methods => FeatureTable.NoMethods;

    /// <inheritdoc/>
    public void WriteCapability(PooledByteWriter writer, ProtocolVersion version) => writer.Write(_capability);

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        EraRules.FailMethod(exchange);
        return default;
    }
}
