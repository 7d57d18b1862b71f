using System.Globalization;
using System.Text;

namespace Peregrine.Protocol.Tests.ServerSentEvents;

/// <summary>An event as text, for comparing.</summary>
internal sealed record TextEvent(string Type, string Data, string LastEventId, long Retry);

/// <summary>WHATWG HTML, section 9.2.6, word by word over a whole stream: the yardstick for the parser.</summary>
internal static class ReferenceEventStream
{
    public static List<TextEvent> Read(string stream)
    {
        if (stream.StartsWith('\uFEFF'))
        {
            stream = stream[1..];
        }

        var events = new List<TextEvent>();
        var (data, type, id, retry) = (new StringBuilder(), "", "", -1L);
        var lines = stream.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        foreach (var line in lines[..^1])
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    events.Add(new TextEvent(type.Length == 0 ? "message" : type, data.ToString()[..^1], id, retry));
                }

                (data, type, retry) = (new StringBuilder(), "", -1L);
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (field)
            {
                case "data":
                    data.Append(value).Append('\n');
                    break;
                case "event":
                    type = value;
                    break;
                case "id" when !value.Contains('\0', StringComparison.Ordinal):
                    id = value;
                    break;
                case "retry" when value.Length is > 0 and < 19 && value.All(char.IsAsciiDigit):
                    retry = long.Parse(value, CultureInfo.InvariantCulture);
                    break;
            }
        }

        return events;
    }
}
