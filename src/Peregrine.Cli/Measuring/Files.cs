namespace Peregrine.Cli.Measuring;

/// <summary>Reads and writes the files that a command names.</summary>
internal static class Files
{
    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maxLength">The longest taken, in bytes.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>Its bytes, or null.</returns>
    internal static byte[]? TryRead(FileInfo file, int maxLength, out string error)
    {
        error = "";
        try
        {
            using var stream = file.OpenRead();
            if (stream.Length > maxLength)
            {
                error = $"{file.Name}: has more than {maxLength} bytes";
                return null;
            }

            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return memory.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error = exception.Message;
            return null;
        }
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    internal static async Task WriteAsync(FileInfo file, byte[] bytes, CancellationToken cancellationToken)
    {
        var next = new FileInfo(file.FullName + ".next");
        await using (var stream = next.Create())
        {
            await stream.WriteAsync(bytes, cancellationToken);
        }

        next.MoveTo(file.FullName, overwrite: true);
    }
}
