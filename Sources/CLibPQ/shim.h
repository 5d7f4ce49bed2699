#pragma once
#include <libpq-fe.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

// Character macros of postgres_ext.h, which Swift does not import.
static inline int clinic_pq_diag_severity(void) { return PG_DIAG_SEVERITY_NONLOCALIZED; }
static inline int clinic_pq_diag_sqlstate(void) { return PG_DIAG_SQLSTATE; }
static inline int clinic_pq_diag_message(void) { return PG_DIAG_MESSAGE_PRIMARY; }
static inline int clinic_pq_diag_detail(void) { return PG_DIAG_MESSAGE_DETAIL; }
static inline int clinic_pq_diag_hint(void) { return PG_DIAG_MESSAGE_HINT; }
static inline int clinic_pq_diag_schema(void) { return PG_DIAG_SCHEMA_NAME; }
static inline int clinic_pq_diag_table(void) { return PG_DIAG_TABLE_NAME; }
static inline int clinic_pq_diag_column(void) { return PG_DIAG_COLUMN_NAME; }
static inline int clinic_pq_diag_constraint(void) { return PG_DIAG_CONSTRAINT_NAME; }
static inline int clinic_pq_diag_function(void) { return PG_DIAG_SOURCE_FUNCTION; }

// Ends one batch of a pipeline. From libpq 17 on the Sync message can wait for the turn's flush.
static inline int clinic_pq_pipeline_sync(PGconn *connection) {
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
  return PQsendPipelineSync(connection);
#else
  return PQpipelineSync(connection);
#endif
}

// What the thread that drives libpq's sockets needs of Linux and Swift's Glibc module leaves out.
static inline int clinic_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int clinic_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
static inline void clinic_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
