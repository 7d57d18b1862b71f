using Npgsql;
using Peregrine.Samples.Tests.Database;
using Peregrine.Samples.Tests.Processes;

namespace Peregrine.Samples.Tests;

/// <summary>The sample that keeps its data in PostgreSQL.</summary>
public sealed class PostgresSampleTests
{
    [Fact]
    public async Task PostgresNotes()
    {
        await using var postgres = await PostgresServer.TryStartAsync();
        Assert.SkipWhen(postgres is null, "needs PostgreSQL (Debian package postgresql)");
        await using var client = await Sample.ConnectAsync("PostgresNotes", onErrorLine: null, ("NOTES_DATABASE", postgres.ConnectionString));

        // More calls at once than the pool has connections.
        var added = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => client.CallAsync("add_note", $$"""{"text":"note {{number}}'s \"text\""}""")));

        Assert.Equal(Enumerable.Range(1, 200).Select(static number => number.ToString()).Order(), added.Order());
        Assert.EndsWith(": note 123's \"text\"", await client.CallAsync("find_notes", """{"word":"123"}"""), StringComparison.Ordinal);
        Assert.Equal("failed: No note contains \"absent\".", await client.CallAsync("find_notes", """{"word":"absent"}"""));
        Assert.Equal("failed: No note contains \"'; drop table notes; --\".", await client.CallAsync("find_notes", """{"word":"'; drop table notes; --"}"""));

        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var count = database.CreateCommand("select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()");
        Assert.InRange((long)(await count.ExecuteScalarAsync())!, 1, 16);
        Assert.Contains(postgres.Log, static line => line.Contains("execute _auto", StringComparison.Ordinal) && line.Contains("insert into notes", StringComparison.Ordinal));
    }
}
