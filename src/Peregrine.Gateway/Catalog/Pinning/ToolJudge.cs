using System.Collections.Immutable;
using Peregrine.Client.Contracts;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Gateway.Catalog.Pinning;

/// <summary>Judges by meaning what became of a tool's definition. No state.</summary>
internal static class ToolJudge
{
    /// <summary>What has changed; empty where both mean the same.</summary>
    internal static ImmutableArray<ContractChange> Compare(UpstreamItem pinned, UpstreamItem seen)
    {
        if (pinned.Members.Span.SequenceEqual(seen.Members.Span))
        {
            return [];
        }

        try
        {
            return [.. ContractComparer.Compare(ContractOf(pinned), ContractOf(seen)).Changes];
        }
        catch (Exception exception)
        {
            // Whatever a server has found that cannot be judged, it is no reason to do without the server, nor to believe it.
            return [new ContractChange(seen.Key, "tool", ContractVerdict.Unknown, $"the definitions could not be compared: {exception.Message}", [])];
        }
    }

    private static ServerContract ContractOf(UpstreamItem tool)
    {
        using var writer = new PooledByteWriter(1024);
        writer.Write("[{\"name\":"u8);
        writer.Write(tool.KeyJson.Span);
        writer.Write(tool.Members.Span);
        writer.Write("}]"u8);
        return ServerContract.Parse(writer.WrittenSpan.ToArray());
    }
}
