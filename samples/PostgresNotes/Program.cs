using Npgsql;
using Peregrine.Server;
using Peregrine.Server.Stdio;
using Peregrine.Server.Tools;

// A pool of 16 connections, whose statements are prepared at their first use. The server takes more calls than that: they wait for a connection, which costs no thread.
var connection = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("NOTES_DATABASE") ?? "Host=localhost;Username=postgres;Database=postgres")
{
    MaxPoolSize = 16,
    MaxAutoPrepare = 16,
    AutoPrepareMinUsages = 1,
};
await using var database = NpgsqlDataSource.Create(connection);
await using (var create = database.CreateCommand("create table if not exists notes (id bigint generated always as identity primary key, text text not null)"))
{
    await create.ExecuteNonQueryAsync();
}

await PeregrineServer.CreateBuilder("notes", "1.0").AddTools(new NoteTools(database)).RunStdioAsync();

[McpTools]
public sealed class NoteTools(NpgsqlDataSource database)
{
    /// <summary>Keeps a note, and gives its number.</summary>
    /// <param name="text">The note.</param>
    [McpTool]
    public async ValueTask<long> AddNote(string text, CancellationToken cancellationToken)
    {
        await using var insert = database.CreateCommand("insert into notes (text) values ($1) returning id");
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        return (long)(await insert.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Finds the notes that contain a word, the newest first.</summary>
    /// <param name="word">The word.</param>
    [McpTool(ReadOnly = true)]
    public async ValueTask<string> FindNotes(string word, CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand("select id, text from notes where strpos(text, $1) > 0 order by id desc limit 20");
        find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = word });
        await using var rows = await find.ExecuteReaderAsync(cancellationToken);
        List<string> found = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add($"{rows.GetInt64(0)}: {rows.GetString(1)}");
        }

        return found.Count > 0 ? string.Join('\n', found) : throw new McpToolException($"No note contains \"{word}\".");
    }
}
