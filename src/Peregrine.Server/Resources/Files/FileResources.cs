using Peregrine.Server.Tools;

namespace Peregrine.Server.Resources.Files;

/// <summary>
/// The files below a folder as resources. What is asked for is a path, not a file name with tricks in it: it is decoded once and judged then; a part that leads upwards, a link, anything that is
/// not a regular file, and what does not exist are all the same answer, so that nobody learns what lies outside.
/// </summary>
internal sealed class FileResources(string root, McpFilesOptions options) : McpResourceTemplateHandler(Define(options))
{
    private readonly string? _root = FileOpener.RealPathOfFolder(root);

    /// <summary>What is wrong with folder and options, in words; empty where nothing is.</summary>
    internal IEnumerable<string> Validate()
    {
        foreach (var fault in options.Validate())
        {
            yield return $"The files below \"{root}\" cannot be served: {fault}";
        }

        if (_root is null)
        {
            yield return $"The files below \"{root}\" cannot be served: there is no such folder, or it cannot be opened.";
        }
    }

    public override async ValueTask<McpResourceResult> ReadAsync(McpResourceRequest request, McpCall call)
    {
        var path = request["path"] ?? "";
        if (!IsPath(path) || FileOpener.TryOpen(_root!, path, options.FollowLinksInside) is not { } handle)
        {
            return McpResourceResult.NotFound;
        }

        var file = new OpenFile(handle, request.Uri, RandomAccess.GetLength(handle));
        try
        {
            file.Refusal = Refuse(file.Length, call.Exchange.CanStreamResult);
            if (file.Refusal is null)
            {
                await FileTypes.DetermineAsync(file, path, call.CancellationToken).ConfigureAwait(false);
            }

            return McpResourceResult.From(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private string? Refuse(long length, bool canStream) => length > options.MaxFileBytes
        ? $"Resource exhausted: the file has {length} bytes, and at most {options.MaxFileBytes} are sent"
        : !canStream && length > options.MaxSharedBytes
            ? $"Resource exhausted: the file has {length} bytes, and over a connection that carries other replies too at most {options.MaxSharedBytes} are sent; read it over HTTP"
            : null;

    // Parts with names of their own, joined by slashes. Backslashes, colons and the like mean something on one system or another, and no file that is meant to be served has them.
    private bool IsPath(string path)
    {
        foreach (var part in path.Split('/'))
        {
            if (part is "" or "." or ".." || (part[0] == '.' && !options.IncludeHidden) || part[^1] is ' ' or '.' || part.AsSpan().ContainsAny('\\', ':', '\0') || part.Any(char.IsControl))
            {
                return false;
            }
        }

        return options.Extensions.Count == 0 || options.Extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
    }

    private static McpResourceTemplateDefinition Define(McpFilesOptions options) => new()
    {
        UriTemplate = options.UriPrefix + "{+path}",
        Name = options.Name,
        Title = options.Title,
        Description = options.Description,
        TimeToLive = options.TimeToLive,
        CacheScope = options.CacheScope,
    };
}
