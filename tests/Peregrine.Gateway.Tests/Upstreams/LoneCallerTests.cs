using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests.Upstreams;

public sealed class LoneCallerTests
{
    private readonly LoneCaller _caller = new();

    [Fact]
    public void Many_calls_in_a_row_over_one_connection_are_those_of_a_lone_caller()
    {
        var connection = new object();
        Assert.DoesNotContain(true, Enumerable.Range(0, 32).Select(_ => _caller.Note(connection)));
        Assert.DoesNotContain(false, Enumerable.Range(0, 100).Select(_ => _caller.Note(connection)));
    }

    [Fact]
    public void Another_connection_ends_it_at_once_and_for_as_many_calls()
    {
        var (one, two) = (new object(), new object());
        for (var i = 0; i < 100; i++)
        {
            _caller.Note(one);
        }

        Assert.False(_caller.Note(two));
        Assert.DoesNotContain(true, Enumerable.Range(0, 32).Select(_ => _caller.Note(one)));
        Assert.True(_caller.Note(one));
    }

    [Fact]
    public void Calls_that_take_turns_are_never_alone()
    {
        object[] connections = [new(), new()];
        Assert.DoesNotContain(true, Enumerable.Range(0, 1000).Select(i => _caller.Note(connections[i % 2])));
    }

    [Fact]
    public void Calls_of_no_connection_are_never_alone()
    {
        Assert.DoesNotContain(true, Enumerable.Range(0, 100).Select(_ => _caller.Note(null)));
    }
}
