using System.Text.Json;

namespace Peregrine.Server.Tests.Serving;

/// <summary>Reads what tests ask of replies.</summary>
internal static class ReplyExtensions
{
    internal static JsonElement Result(this JsonElement reply)
    {
        Assert.True(reply.TryGetProperty("result", out var result), reply.GetRawText());
        return result;
    }

    internal static int Code(this JsonElement reply) => reply.Error().GetProperty("code").GetInt32();

    internal static string Explanation(this JsonElement reply) => reply.Error().GetProperty("message").GetString()!;

    internal static JsonElement Error(this JsonElement reply)
    {
        Assert.True(reply.TryGetProperty("error", out var error), reply.GetRawText());
        return error;
    }

    internal static string Text(this JsonElement reply) => Assert.Single(reply.Result().GetProperty("content").EnumerateArray()).GetProperty("text").GetString()!;

    internal static bool IsToolError(this JsonElement reply) => reply.Result().TryGetProperty("isError", out var flag) && flag.GetBoolean();
}
