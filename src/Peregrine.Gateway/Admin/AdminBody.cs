using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Gateway.Admin;

/// <summary>Reads what is sent to the admin API: a small JSON object, or nothing. No state.</summary>
internal static class AdminBody
{
    private const int MaxLength = 64 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Reads the object.</summary>
    /// <param name="context">The request.</param>
    /// <param name="allowed">The members it may have.</param>
    /// <returns>The object, empty where nothing was sent; null where the request was refused.</returns>
    internal static async ValueTask<JsonElement?> ReadAsync(HttpContext context, params string[] allowed)
    {
        var request = context.Request;
        var buffer = new byte[MaxLength + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted).ConfigureAwait(false);
        if (length == 0)
        {
            using var nothing = JsonDocument.Parse("{}");
            return nothing.RootElement.Clone();
        }

        if (!request.HasJsonContentType())
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "Send the body as Content-Type: application/json").ConfigureAwait(false);
            return null;
        }

        if (length > MaxLength)
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"The body is longer than {MaxLength} bytes").ConfigureAwait(false);
            return null;
        }

        if (Parse(buffer.AsMemory(0, length), allowed, out var value) is { } fault)
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status400BadRequest, fault).ConfigureAwait(false);
            return null;
        }

        return value;
    }

    // What is wrong, or null.
    private static string? Parse(ReadOnlyMemory<byte> text, string[] allowed, out JsonElement value)
    {
        value = default;
        var members = string.Join(" and ", allowed.Select(static name => $"\"{name}\""));
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return $"The body must be a JSON object with {members}";
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!allowed.Contains(member.Name))
                {
                    return $"The body has a member that is not known here; it may have {members}";
                }
            }

            value = document.RootElement.Clone();
            return null;
        }
        catch (JsonException exception)
        {
            return $"The body is no JSON object: {exception.Message}";
        }
    }
}
