using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;

namespace Peregrine.Server.Features;

/// <summary>The features of a server, by method. Immutable.</summary>
internal sealed class FeatureTable
{
    /// <summary>For features without methods. Not <c>[]</c>, which has to be compiled at every start for an enumeration of ours (docs/performance.md, "Start").</summary>
#pragma warning disable CA1825 // That is the point.
    internal static readonly McpMethod[] NoMethods = new McpMethod[0];
#pragma warning restore CA1825

    private readonly IServerFeature?[] _byMethod = new IServerFeature?[byte.MaxValue + 1];
    private readonly IReadOnlyList<IServerFeature> _features;

    internal FeatureTable(IReadOnlyList<IServerFeature> features)
    {
        _features = features;
        foreach (var feature in features)
        {
            foreach (var method in feature.Methods)
            {
                _byMethod[(byte)method] = feature;
            }
        }
    }

    internal IServerFeature? Find(McpMethod method) => _byMethod[(byte)method];

    /// <summary>The server's capabilities under a revision: one JSON object.</summary>
    internal byte[] Capabilities(ProtocolVersion version)
    {
        using var writer = new PooledByteWriter(256);
        using var member = new PooledByteWriter(128);
        writer.WriteByte((byte)'{');
        foreach (var feature in _features)
        {
            member.Clear();
            feature.WriteCapability(member, version);
            if (member.Length > 0)
            {
                if (writer.Length > 1)
                {
                    writer.WriteByte((byte)',');
                }

                writer.Write(member.WrittenSpan);
            }
        }

        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }
}
