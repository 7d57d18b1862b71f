using Peregrine.Client.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Interaction;

/// <summary>One question of an <c>input_required</c> result (stateless era). It owns its bytes.</summary>
/// <param name="Key">By what the answer is to be named, raw, with quotes.</param>
/// <param name="Method">What is asked.</param>
/// <param name="Parameters">The question's params, raw.</param>
internal sealed record InputQuestion(byte[] Key, McpMethod Method, byte[] Parameters)
{
    /// <summary>Reads the questions of a result.</summary>
    internal static List<InputQuestion> ReadAll(ReadOnlySpan<byte> result)
    {
        List<InputQuestion> questions = [];
        var members = new ObjectReader(ObjectReader.Find(result, "inputRequests"u8));
        while (members.Next())
        {
            var method = ObjectReader.FindText(members.Value, "method"u8) is { } name ? McpMethods.Parse(System.Text.Encoding.UTF8.GetBytes(name)) : McpMethod.Unknown;
            questions.Add(new InputQuestion(members.Name.ToArray(), method, ObjectReader.Find(members.Value, "params"u8).ToArray()));
        }

        return questions;
    }

    /// <summary>True where a result asks for input.</summary>
    internal static bool IsAsked(ReadOnlySpan<byte> result) =>
        result.IndexOf("input_required"u8) >= 0 && JsonText.ContentEquals(ObjectReader.Find(result, "resultType"u8), "input_required"u8);
}
