using Peregrine.Client.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Completion;

/// <summary>How a value may go on.</summary>
/// <param name="Values">The proposals, best first; at most 100 where the server keeps to the specification.</param>
/// <param name="Total">How many there are in all, where the server says.</param>
/// <param name="HasMore">Whether there are more than these.</param>
public sealed record CompletionValues(IReadOnlyList<string> Values, long? Total, bool HasMore)
{
    /// <summary>Reads a result.</summary>
    internal static CompletionValues Read(ReadOnlySpan<byte> result)
    {
        var completion = ObjectReader.Find(result, "completion"u8);
        List<string> values = [];
        var elements = new ArrayReader(ObjectReader.Find(completion, "values"u8));
        while (elements.Next())
        {
            if (JsonText.TryGetString(elements.Value, out var value))
            {
                values.Add(value);
            }
        }

        return new CompletionValues(values, RawObject.FindInteger(completion, "total"u8), RawObject.IsTrue(completion, "hasMore"u8));
    }
}
