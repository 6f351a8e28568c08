package dev.agentrunner.adapter.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.agentrunner.port.Dispatch;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Registry;
import dev.agentrunner.port.RunStore;
import dev.agentrunner.port.UsageException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** A database that a server keeps its runs in. */
public final class Database implements AutoCloseable {

  /** The clock of PostgreSQL, which goes on during a transaction. */
  static final String DATABASE_CLOCK =
      "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

  private static final int CONNECTIONS = 12;
  private static final Duration CONNECTED_WITHIN = Duration.ofSeconds(10);

  private final Address address;
  private final Transactions transactions;
  private final Teller teller;
  private final RunStore runs;
  private final Registry registry;
  private final Optional<SoleUse> soleUse;

  private Database(
      Address address, Transactions transactions, Teller.Beside others, Optional<SoleUse> soleUse) {
    this.soleUse = soleUse;
    this.address = address;
    this.transactions = transactions;
    var history = new StoredLog(transactions);
    this.teller = new Teller(transactions, history, others);
    this.runs = new SqlRunStore(transactions, history, teller);
    this.registry = new SqlRegistry(transactions);
  }

  /**
   * Opens a database. One that is new, or a file, is brought to the form that this version wants.
   *
   * @param url as {@code sqlite:PATH} or {@code postgresql://USER:PASSWORD@HOST:PORT/NAME}
   * @throws UsageException if it is neither
   * @throws EnvironmentException if it cannot be reached, or is of another version
   */
  public static Database open(String url) {
    return open(Address.parse(url));
  }

  /**
   * The same, to serve it or to work on it: a file has only one process that does.
   *
   * @throws EnvironmentException if another one does
   */
  public static Database serving(String url) {
    Address address = Address.parse(url);
    if (!(address instanceof Address.Sqlite sqlite)) {
      return open(address);
    }
    SqliteFiles.create(sqlite);
    SoleUse use = SoleUse.of(sqlite);
    try {
      return open(sqlite, InstantSource.system(), Optional.of(use));
    } catch (RuntimeException e) {
      use.close();
      throw e;
    }
  }

  static Database open(Address address) {
    return switch (address) {
      case Address.Sqlite sqlite -> open(sqlite, InstantSource.system());
      case Address.Postgresql postgresql -> open(postgresql, DATABASE_CLOCK);
    };
  }

  static Database open(Address.Sqlite address, InstantSource clock) {
    return open(address, clock, Optional.empty());
  }

  private static Database open(
      Address.Sqlite address, InstantSource clock, Optional<SoleUse> soleUse) {
    SqliteFiles.create(address);
    new Migration(address, Connections.to(address)).run();
    return new Database(
        address, new SqliteTransactions(address, clock), Teller.Beside.NOBODY, soleUse);
  }

  static Database open(Address.Postgresql address, String clock) {
    HikariDataSource pool = pool(address);
    try {
      var migration = new Migration(address, pool);
      Migration.Report found = migration.pending();
      if (found.version().isEmpty()) {
        migration.run();
      } else if (!found.steps().isEmpty()) {
        // Other processes may be at work on it: when to stop them is not for us to say.
        throw new EnvironmentException(
            "The database %s is of an older version. Stop every server that uses it, then run: agent-runner db migrate --db URL"
                .formatted(address.shown()));
      }
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
    return new Database(
        address,
        new PostgresqlTransactions(address, pool, clock),
        new Teller.Beside.Processes(Connections.to(address)),
        Optional.empty());
  }

  private static HikariDataSource pool(Address.Postgresql address) {
    var config = new HikariConfig();
    config.setDataSource(Connections.to(address));
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(CONNECTED_WITHIN.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setPoolName("postgresql");
    return new HikariDataSource(config);
  }

  Transactions transactions() {
    return transactions;
  }

  public RunStore runs() {
    return runs;
  }

  public Registry registry() {
    return registry;
  }

  /** A new dispatch of these runs, to be closed before this is. */
  public Dispatch dispatch() {
    String process =
        "%d-%08x".formatted(ProcessHandle.current().pid(), ThreadLocalRandom.current().nextInt());
    return new SchedulerDispatch(address, transactions.source(), runs, process);
  }

  @Override
  public void close() {
    teller.close();
    transactions.close();
    soleUse.ifPresent(SoleUse::close);
  }
}
