using System.Text.Json;

namespace Peregrine.Transport.Connections;

/// <summary>Takes apart a JSON-RPC batch, which revision 2025-03-26 allows and every receiver of it must take.</summary>
internal static class MessageBatch
{
    internal delegate void MessageAction<TState>(TState state, ReadOnlySpan<byte> message);

    /// <summary>Calls <paramref name="action"/> for each element of the array that is no array itself.</summary>
    /// <param name="batch">Valid JSON, an array.</param>
    /// <param name="state">Given to the action.</param>
    /// <param name="action">Called in order.</param>
    internal static void ForEach<TState>(ReadOnlySpan<byte> batch, TState state, MessageAction<TState> action)
    {
        var reader = new Utf8JsonReader(batch);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var nested = reader.TokenType == JsonTokenType.StartArray;
            reader.Skip();
            if (!nested)
            {
                action(state, batch[start..(int)reader.BytesConsumed]);
            }
        }
    }
}
