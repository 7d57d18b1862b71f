using Peregrine.Client.Json;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;

namespace Peregrine.Client.Connecting;

/// <summary>Reads the list of revisions that a server supports.</summary>
internal static class VersionList
{
    /// <summary>The newest revision in a raw JSON array that is known here and, where asked for, of the session era; Unknown where there is none.</summary>
    internal static ProtocolVersion Best(ReadOnlySpan<byte> array, bool sessionEraOnly = false)
    {
        var best = ProtocolVersion.Unknown;
        var elements = new ArrayReader(array);
        while (elements.Next())
        {
            if (!JsonText.TryGetString(elements.Value, out var text))
            {
                continue;
            }

            var version = ProtocolVersions.Parse(text);
            if (version > best && (!sessionEraOnly || version <= ProtocolVersions.LatestOfSessionEra))
            {
                best = version;
            }
        }

        return best;
    }
}
