using System.Text.Json;
using Peregrine.Client.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Tools;

/// <summary>How far a call has come.</summary>
/// <param name="Progress">Grows with every report.</param>
/// <param name="Total">What it grows to, where that is known.</param>
/// <param name="Message">What is being done, where the server says.</param>
public readonly record struct CallProgress(double Progress, double? Total, string? Message)
{
    /// <summary>Reads the params of <c>notifications/progress</c>.</summary>
    internal static CallProgress Read(ReadOnlySpan<byte> parameters)
    {
        double progress = 0;
        double? total = null;
        string? message = null;
        var members = new ObjectReader(parameters);
        while (members.Next())
        {
            if (members.Is("progress"u8))
            {
                progress = Number(members.Value) ?? 0;
            }
            else if (members.Is("total"u8))
            {
                total = Number(members.Value);
            }
            else if (members.Is("message"u8))
            {
                _ = JsonText.TryGetString(members.Value, out message);
            }
        }

        return new CallProgress(progress, total, message);
    }

    private static double? Number(ReadOnlySpan<byte> raw)
    {
        var reader = new Utf8JsonReader(raw);
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) ? value : null;
    }
}
